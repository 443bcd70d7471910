using System.Net;

namespace BlockSmtp.Fleet;

/// <summary>
/// What is in force by a whole stream that is read from its beginning: of each network the longest block since its last release.
/// </summary>
/// <param name="node">This host, whose own blocks its engine has.</param>
internal sealed class InForce(string node)
{
    // As many as a stream keeps, and some; a server that is not ours may have more.
    private const int Most = 500_000;

    private readonly Dictionary<IPNetwork, FleetWord> _words = [];

    public void Add(FleetWord word)
    {
        var isKnown = _words.TryGetValue(word.Network, out var former);
        if (!isKnown && _words.Count >= Most)
            return;
        if (word.Kind == FleetWordKind.Release)
        {
            if (!word.IsUnfounded || (isKnown && former!.Node == word.Node))
                _words[word.Network] = word;
        }
        else if (word.Node != node && (former is null || former.Kind == FleetWordKind.Release || word.Left > former.Left))
        {
            _words[word.Network] = word;
        }
    }

    /// <summary>The words of others: blocks with time left, and the latest of what was released.</summary>
    public IEnumerable<FleetWord> Words =>
        _words.Values.Where(word => word.Node != node && (word.Kind == FleetWordKind.Release || word.Left > TimeSpan.Zero));
}
