using System.Globalization;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes why a host is blocked, or is not.</summary>
internal static class Explanation
{
    private const int MostEarlier = 10;
    private const int MostWithin = 20;
    private const int MostNames = 20;

    public static void Write(
        TextWriter output, HostExplanation host, IReadOnlyList<BlockRecord>? earlier, DateTimeOffset now, string? trial = null)
    {
        if (host.Block is { } block)
            WriteBlock(output, host.Host.ToString(), block, now, trial);
        else if (host.Trusted is not null)
            output.WriteLine($"{host.Host} is not blocked and never will be: {Printable.Show(host.Trusted)}{PlaceOf(host.TrustedAt)}");
        else
            output.WriteLine($"{host.Host} is not blocked");

        if (host.Offenses.Count > 0)
        {
            var times = $"from {SpanText.Show(host.Offenses[0].Time)} to {SpanText.Show(host.Offenses[^1].Time)}";
            Line(output, "pending", $"{Guesses(host.Offenses.Count)} that did not suffice, {times}");
            WriteSeers(output, host.Offenses);
            WriteTried(
                output,
                host.Offenses.Select(offense => offense.Recipient).OfType<string>(),
                host.Offenses[^1].Source,
                host.Offenses[^1].Mailer);
        }
        else if (host is { Block: null, Trusted: null })
        {
            Line(output, "pending", "no wrong guess is known of it");
        }

        WriteEarlier(output, earlier, host.Host.ToString());
    }

    public static void Write(
        TextWriter output, NetworkExplanation network, IReadOnlyList<BlockRecord>? earlier, DateTimeOffset now, string? trial = null)
    {
        var name = BlockTable.NameOf(network.Network);
        if (network.Block is { } block)
            WriteBlock(output, name, block, now, trial);
        else if (network.Trusted is not null)
            output.WriteLine(
                $"{name} is not blocked as a whole and never will be: {Printable.Show(network.Trusted)}{PlaceOf(network.TrustedAt)}");
        else
            output.WriteLine($"{name} is not blocked as a whole");
        Line(output, "in it", network.Within.Count switch
        {
            0 => "nobody is blocked by himself",
            1 => "one host or network is blocked by itself",
            var count => Text($"{count:N0} hosts and networks are blocked by themselves"),
        });
        foreach (var within in BlockTable.Sort(network.Within).Take(MostWithin))
            output.WriteLine($"    {BlockTable.NameOf(within.Network)} {BlockTable.EndOf(within)}: {Printable.Show(within.Reason)}");
        if (network.Within.Count > MostWithin)
            output.WriteLine(Text($"    and {network.Within.Count - MostWithin:N0} more: blocksmtp list"));
        WriteEarlier(output, earlier, name);
    }

    private static void WriteEarlier(TextWriter output, IReadOnlyList<BlockRecord>? earlier, string name)
    {
        if (earlier is null)
            return;
        Line(
            output,
            "earlier",
            earlier.Count == 0 ? "never blocked before" : $"blocked {(earlier.Count == 1 ? "once" : $"{earlier.Count} times")} before");
        foreach (var record in earlier.Take(MostEarlier))
        {
            var (block, whole) = (record.Block, BlockTable.NameOf(record.Block.Network));
            var asPart = whole == name ? "" : $" as part of {whole}";
            var time = $"{SpanText.Show(block.Since)} to {SpanText.Show(record.ReleasedAt ?? block.Until)}";
            output.WriteLine($"    {time}{asPart}, {Guesses(block.Offenses)}, {BlockTable.End(record)}: {Printable.Show(block.Reason)}");
        }
    }

    private static void WriteBlock(TextWriter output, string asked, Block block, DateTimeOffset now, string? trial)
    {
        var name = BlockTable.NameOf(block.Network);
        var asPart = name == asked ? "" : $" as part of {name}";
        var left = block.IsForGood ? "" : $" ({SpanText.Show(block.Until - now)} left)";
        output.WriteLine($"{asked} is blocked{asPart} {BlockTable.EndOf(block)}{left}: {Printable.Show(block.Reason)}");
        if (trial is not null)
            Line(output, "trial", $"runs until {trial}: nothing is dropped, but would be");
        Line(output, "blocked", $"{SpanText.Show(block.Since)}{(block.Offenses > 0 ? $", after {Guesses(block.Offenses)}" : "")}");
        if (block.Evidence is { } evidence)
        {
            Line(output, "guessed", $"from {SpanText.Show(evidence.First)} to {SpanText.Show(evidence.Last)}");
            WriteTried(output, evidence.Recipients, evidence.Source, evidence.Mailer);
        }

        if (block.Node is { } node)
            Line(output, "seen by", $"{Printable.Show(node)}, of the fleet");
        Line(output, "let it in", $"blocksmtp unblock {name}; for good: put it on the white-list, then blocksmtp reload");
    }

    private static void WriteSeers(TextWriter output, IReadOnlyList<Offense> offenses)
    {
        if (offenses.All(offense => offense.Source != PeerSource.Elsewhere))
            return;
        // Of a count that was taken up from an earlier run only that it was elsewhere is known.
        var seers = offenses.GroupBy(offense => offense.Source == PeerSource.Elsewhere ? offense.Node ?? "another host" : "this host")
            .Select(group => Text($"{group.Count()} by {Printable.Show(group.Key)}"));
        Line(output, "seen", string.Join(", ", seers));
    }

    private static void WriteTried(TextWriter output, IEnumerable<string> names, PeerSource source, Mailer mailer)
    {
        var tried = names.GroupBy(name => name, StringComparer.Ordinal).Select(same => TimesInList(same.Key, same.Count())).ToArray();
        var more = tried.Length > MostNames ? Text($", ... and {tried.Length - MostNames:N0} more") : "";
        if (tried.Length > 0)
            Line(output, "tried", string.Join(", ", tried.Take(MostNames)) + more);
        var where = mailer == Mailer.Auto ? "" : $", in {BlockTable.NameOf(mailer)}'s log";
        Line(output, "found by", source switch
        {
            PeerSource.Connection => "the live connection of the sendmail process that logged it",
            PeerSource.LaterLine => $"a later line of the same transaction that names it{where}",
            PeerSource.ConnectLine => $"the 'connect from' line of the same process{where}",
            PeerSource.Elsewhere => "another host of the fleet",
            _ => $"the line itself{where}",
        });
    }

    private static string TimesInList(string name, int times) => times == 1 ? InList(name) : Text($"{InList(name)} ({times:N0} times)");

    /// <summary>One name among others: a client may write a comma, too, and what looks like the next name.</summary>
    private static string InList(string name) =>
        // Where the log has left out a part of it.
        name.Length == 0 ? "(shortened)" :
        Printable.Show(name).Replace(@"\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal);

    private static string PlaceOf(string? place) => place is null ? "" : $" ({place})";

    private static string Guesses(int count) =>
        count == 1 ? "1 wrong guess" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} wrong guesses");

    private static void Line(TextWriter output, string name, string text) => output.WriteLine($"  {name,-10}{text}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
