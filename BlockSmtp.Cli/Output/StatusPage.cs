using System.Globalization;
using BlockSmtp.Cli.Json;
using BlockSmtp.Control;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes the status of a daemon.</summary>
internal static class StatusPage
{
    public static void Write(TextWriter output, DaemonStatus status)
    {
        var (daemon, engine, counters) = (status.Daemon, status.Engine, status.Engine.Counters);
        Line("daemon", $"blocksmtp {daemon.Version}, process {daemon.ProcessId}, {Since(engine)}");
        Line("log", $"{Printable.Show(daemon.Log)}{Progress(status.Log)}");
        var lastRead = engine.LastRead is { } last ? $", the last {SpanText.Show(engine.Now - last)} ago" : "";
        Line("lines", Text($"{counters.Lines:N0} read, {engine.LinesPerSecond:0.0} a second in the last minute{lastRead}"));
        var unreadable = counters.UnreadableLines > 0 ? Text($", {counters.UnreadableLines:N0} unreadable") : "";
        var lost = counters.LostLines > 0 ? Text($", {counters.LostLines:N0} LOST by the log's rate limit, or too long for Exim") : "";
        var doubtful = Text($"{counters.Ambiguous:N0} lines doubtful, {counters.SkippedLines:N0} too long{unreadable}{lost}");
        Line("guesses", Text($"{counters.Offenses:N0} wrong, {counters.Unresolved:N0} without a host; {doubtful}"));
        var found = Text($"{counters.PeersFound:N0} of {counters.PeerLookups:N0} found by their connection");
        Line("clients", Text($"{found}; {engine.Transactions:N0} transactions tracked"));
        var spared = Text($"{counters.Ignored:N0} times a host was spared as trusted ({engine.TrustedNetworks:N0} networks)");
        Line("blocks", Text($"{engine.Blocks:N0} now, {counters.Blocks:N0} made, {counters.Releases:N0} ended; {spared}"));
        var repaired = counters.Repairs > 0 ? Text($"; repaired {counters.Repairs:N0} times") : "";
        Line("firewall", $"{daemon.Firewall}, {Comparison(engine)}{repaired}");
        if (engine.Fleet is { } fleet)
        {
            var hosts = Text($"{(fleet.Fleet.IsConnected ? "heard" : "NOT heard")}, {fleet.Fleet.Hosts.Count:N0} hosts");
            var refused = Text($"{fleet.Refused + fleet.Fleet.Improper:N0} refused");
            Line("fleet", Text($"{hosts}, {fleet.Blocks:N0} blocks because of others, {refused} (blocksmtp fleet)"));
        }

        void Line(string name, string text) => output.WriteLine($"{name,-10}{text}");
    }

    public static void WriteJson(DaemonStatus status) => JsonLine.Write(json =>
    {
        var (daemon, engine, counters) = (status.Daemon, status.Engine, status.Engine.Counters);
        json.WriteString("version", daemon.Version);
        json.WriteNumber("process", daemon.ProcessId);
        if (engine.StartedAt is { } started)
            json.WriteTime("since", started);
        json.WriteString("log", daemon.Log);
        if (status.Log is { } log)
        {
            json.WriteNumber("log_position", log.Position);
            json.WriteNumber("log_size", log.Size);
            json.WriteNumber("log_behind", log.Behind);
        }

        if (engine.LastRead is { } last)
            json.WriteTime("last_read", last);
        json.WriteNumber("lines_per_second", Math.Round(engine.LinesPerSecond, 1));
        json.WriteNumber("lines", counters.Lines);
        json.WriteNumber("bytes", counters.Bytes);
        json.WriteNumber("offenses", counters.Offenses);
        json.WriteNumber("unresolved", counters.Unresolved);
        json.WriteNumber("ambiguous", counters.Ambiguous);
        json.WriteNumber("skipped_lines", counters.SkippedLines);
        json.WriteNumber("lost_lines", counters.LostLines);
        json.WriteNumber("unreadable_lines", counters.UnreadableLines);
        json.WriteNumber("policy_failures", counters.PolicyFailures);
        json.WriteNumber("peer_lookups", counters.PeerLookups);
        json.WriteNumber("peers_found", counters.PeersFound);
        json.WriteNumber("transactions", engine.Transactions);
        json.WriteNumber("blocked", engine.Blocks);
        json.WriteNumber("blocks", counters.Blocks);
        json.WriteNumber("releases", counters.Releases);
        json.WriteNumber("ignored", counters.Ignored);
        json.WriteNumber("trusted_networks", engine.TrustedNetworks);
        json.WriteString("firewall", daemon.Firewall);
        json.WriteNumber("repairs", counters.Repairs);
        if (engine.LastComparison is { } compared)
        {
            json.WriteTime("compared", compared.Time);
            json.WriteBoolean("firewall_agrees", compared.Agrees);
        }
    });

    private static string Since(EngineStatus engine) =>
        engine.StartedAt is { } started ? $"running since {SpanText.Show(started)} ({SpanText.Show(engine.Now - started)})" : "starting";

    private static string Progress(LogProgress? log) => log switch
    {
        null => "",
        { Behind: 0 } => Text($", read to its end (byte {log.Position:N0} of {log.Size:N0})"),
        _ => Text($", read to byte {log.Position:N0} of {log.Size:N0}, {log.Behind:N0} bytes behind"),
    };

    private static string Comparison(EngineStatus engine) => engine.LastComparison switch
    {
        null => "not compared with the kernel yet",
        { Agrees: true } same => Text($"the kernel agrees ({same.Actual:N0} networks, {SpanText.Show(engine.Now - same.Time)} ago)"),
        var other => Text($"the kernel had {other.Actual:N0} networks where {other.Wanted:N0} were wanted, ")
            + $"{SpanText.Show(engine.Now - other.Time)} ago, and was put right",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
