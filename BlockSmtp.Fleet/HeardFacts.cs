namespace BlockSmtp.Fleet;

/// <summary>
/// How far each host's facts were heard, so that one which was said twice, since an answer of the server was lost, counts once.
/// Bounded. Used by who reads alone.
/// </summary>
internal sealed class HeardFacts
{
    private const int MostNodes = 1_024;

    private readonly Dictionary<string, (string Run, long Last)> _nodes = [];

    /// <summary>How many of the facts of an entry were heard before; null when there are too many hosts.</summary>
    /// <param name="node">Whose.</param>
    /// <param name="run">Which of its runs: with each its numbers begin anew.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many there are.</param>
    public int? CountHeard(string node, string run, long first, int count)
    {
        if (!_nodes.TryGetValue(node, out var known))
        {
            if (_nodes.Count >= MostNodes)
                return null;
            known = (run, 0);
        }

        if (known.Run != run)
            known = (run, 0);
        var heard = (int)Math.Clamp(known.Last - first + 1, 0, count);
        _nodes[node] = (run, Math.Max(known.Last, first + count - 1));
        return heard;
    }
}
