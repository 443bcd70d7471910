namespace BlockSmtp.Cli.Output;

/// <summary>Writes what came of a replay for a person to read, worst offenders first.</summary>
internal static class ReplayReport
{
    private const int MostHosts = 50;

    public static void Write(TextWriter output, ReplaySummary summary, IFormatProvider format)
    {
        var counters = summary.Counters;
        output.WriteLine(
            string.Create(format, $"{counters.Lines:N0} lines, {counters.Bytes:N0} bytes, read in {summary.Elapsed.TotalSeconds:0.00} s"));
        output.WriteLine(string.Create(format,
            $"{counters.Offenses:N0} wrong guess{(counters.Offenses == 1 ? "" : "es")} by {summary.Hosts.Count:N0} "
                + $"host{(summary.Hosts.Count == 1 ? "" : "s")}: {summary.Blocked:N0} would have been blocked, "
                + $"{summary.Ignored:N0} are trusted"));
        if (summary.Mailers is { Count: > 0 } mailers && mailers is not [Mailer.Sendmail])
            output.WriteLine($"logged by {string.Join(" and ", mailers.Select(BlockTable.NameOf))}");
        if (counters.Unresolved > 0)
            output.WriteLine(string.Create(format, $"{counters.Unresolved:N0} wrong guesses have no host: the log does not name it"));
        if (counters.Ambiguous > 0)
            output.WriteLine(string.Create(format, $"{counters.Ambiguous:N0} lines were doubtful and count for nothing"));
        if (counters.SkippedLines > 0)
            output.WriteLine(string.Create(format, $"{counters.SkippedLines:N0} lines were too long and were left out"));
        if (summary.Hosts.Count == 0)
            return;

        var hosts = summary.Hosts.OrderByDescending(host => host.Offenses).ThenBy(host => host.First).Take(MostHosts).ToArray();
        var width = Math.Max("host".Length, hosts.Max(host => host.Address.ToString().Length));
        output.WriteLine();
        output.WriteLine($"{"host".PadRight(width)}  guesses  {"first (UTC)",-19}  {"last (UTC)",-19}  verdict");
        foreach (var host in hosts)
        {
            output.WriteLine(string.Create(format,
                $"{host.Address.ToString().PadRight(width)}  {host.Offenses,7}  {host.First:yyyy-MM-dd HH:mm:ss}  "
                    + $"{host.Last:yyyy-MM-dd HH:mm:ss}  {Verdict(host)}"));
        }

        if (summary.Hosts.Count > hosts.Length)
            output.WriteLine(string.Create(format, $"… and {summary.Hosts.Count - hosts.Length:N0} more"));
    }

    private static string Verdict(ReplayHost host) => host switch
    {
        { Blocks: 1 } => "blocked",
        { Blocks: > 1 } => $"blocked {host.Blocks} times",
        { IgnoredBecause: { } reason } => $"not blocked, {reason}",
        _ => "tolerated",
    };
}
