using System.Globalization;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes why a host is blocked, or is not.</summary>
internal static class Explanation
{
    private const int MostEarlier = 10;

    public static void Write(TextWriter output, HostExplanation host, IReadOnlyList<BlockRecord>? earlier, DateTimeOffset now)
    {
        if (host.Block is { } block)
            WriteBlock(output, host, block, now);
        else if (host.Trusted is not null)
            output.WriteLine($"{host.Host} is not blocked and never will be: {Printable.Show(host.Trusted)}{(host.TrustedAt is { } place ? $" ({place})" : "")}");
        else
            output.WriteLine($"{host.Host} is not blocked");

        if (host.Offenses.Count > 0)
        {
            Line(output, "pending", Text($"{Guesses(host.Offenses.Count)} that did not suffice, from {SpanText.Show(host.Offenses[0].Time)} to {SpanText.Show(host.Offenses[^1].Time)}"));
            WriteTried(output, host.Offenses.Select(offense => offense.Recipient).OfType<string>(), host.Offenses[^1].Source);
        }
        else if (host is { Block: null, Trusted: null })
        {
            Line(output, "pending", "no wrong guess is known of it");
        }

        if (earlier is null)
            return;
        Line(output, "earlier", earlier.Count == 0 ? "never blocked before" : $"blocked {(earlier.Count == 1 ? "once" : $"{earlier.Count} times")} before");
        foreach (var record in earlier.Take(MostEarlier))
            output.WriteLine(Text($"    {SpanText.Show(record.Block.Since)} to {SpanText.Show(record.ReleasedAt ?? record.Block.Until)}, {Guesses(record.Block.Offenses)}, {BlockTable.End(record)}: {Printable.Show(record.Block.Reason)}"));
    }

    private static void WriteBlock(TextWriter output, HostExplanation host, Block block, DateTimeOffset now)
    {
        var name = BlockTable.NameOf(block.Network);
        var asPart = name == host.Host.ToString() ? "" : $" as part of {name}";
        output.WriteLine($"{host.Host} is blocked{asPart} until {SpanText.Show(block.Until)} ({SpanText.Show(block.Until - now)} left): {Printable.Show(block.Reason)}");
        Line(output, "blocked", $"{SpanText.Show(block.Since)}{(block.Offenses > 0 ? $", after {Guesses(block.Offenses)}" : "")}");
        if (block.Evidence is { } evidence)
        {
            Line(output, "guessed", $"from {SpanText.Show(evidence.First)} to {SpanText.Show(evidence.Last)}");
            WriteTried(output, evidence.Recipients, evidence.Source);
        }

        Line(output, "let it in", $"blocksmtp unblock {name}; for good: put it on the white-list, then blocksmtp reload");
    }

    private static void WriteTried(TextWriter output, IEnumerable<string> names, PeerSource source)
    {
        var tried = names.Select(Printable.Show).ToArray();
        if (tried.Length > 0)
            Line(output, "tried", string.Join(", ", tried));
        Line(output, "found by", source switch
        {
            PeerSource.Connection => "the live connection of the sendmail process that logged it",
            PeerSource.LaterLine => "a later line of the same transaction that names it",
            PeerSource.ConnectLine => "the 'connect from' line of the same process",
            _ => "the line itself",
        });
    }

    private static string Guesses(int count) => count == 1 ? "1 wrong guess" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} wrong guesses");

    private static void Line(TextWriter output, string name, string text) => output.WriteLine($"  {name,-10}{text}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
