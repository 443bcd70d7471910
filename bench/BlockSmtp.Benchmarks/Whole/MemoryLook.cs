using System.Diagnostics;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>
/// What it takes at least to find something that is known of one of many hosts: one line of the processor's cache is read, at a
/// place that cannot be foretold.
/// </summary>
internal static class MemoryLook
{
    private const int WordsOfLine = 8;
    private const int Looks = 2_000_000;

    /// <summary>Processor time for one look in seconds, where one has to end before the next begins.</summary>
    /// <param name="hosts">How many hosts there are, with a cache line each.</param>
    public static double Seconds(int hosts)
    {
        // One circle through all lines, in random order (Sattolo's shuffle).
        var order = Enumerable.Range(0, hosts).ToArray();
        var random = new Random(1);
        for (var i = hosts - 1; i > 0; i--)
        {
            var other = random.Next(i);
            (order[i], order[other]) = (order[other], order[i]);
        }

        var lines = new long[hosts * WordsOfLine];
        for (var i = 0; i < hosts; i++)
            lines[order[i] * WordsOfLine] = order[(i + 1) % hosts] * WordsOfLine;
        Walk(lines, hosts);
        var before = Environment.CpuUsage.TotalTime;
        Walk(lines, Looks);
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds / Looks;
    }

    private static void Walk(long[] lines, int looks)
    {
        var at = 0L;
        for (var i = 0; i < looks; i++)
            at = lines[at];
        // Read, so that the walk is not left out.
        if (at < 0)
            throw new UnreachableException();
    }
}
