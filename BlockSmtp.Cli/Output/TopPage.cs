using System.Globalization;
using BlockSmtp.Control;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BlockSmtp.Cli.Output;

/// <summary>Draws what the daemon does just now.</summary>
internal static class TopPage
{
    /// <summary>An event as a line.</summary>
    public static string Line(ActivityEvent seen)
    {
        var who = seen.Network is { } network ? BlockTable.NameOf(network) : "?";
        return $"{SpanText.Show(seen.Time)}  {ActionOf(seen),-13}  {who,-15}  {Printable.Show(DetailOf(seen))}";
    }

    public static void Write(TextWriter output, ActivityReport report)
    {
        output.WriteLine($"{"host",-39}  guesses in the last minute");
        foreach (var host in report.Hosts)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{host.Host,-39}  {host.Offenses}{(host.IsBlocked ? "  blocked" : "")}"));
        output.WriteLine();
        foreach (var seen in report.Events)
            output.WriteLine(Line(seen));
    }

    /// <summary>For a terminal of so many lines: the hosts in its upper half, the events in its lower.</summary>
    public static IRenderable Draw(DaemonStatus status, ActivityReport report, int height)
    {
        var rows = (height - 8) / 2;
        var hosts = new Table { Border = TableBorder.Simple, Expand = true };
        hosts.AddColumn("host").AddColumn(new TableColumn("guesses a minute").RightAligned()).AddColumn("last").AddColumn("");
        foreach (var host in report.Hosts.Take(rows))
        {
            var (style, mark) = host.IsBlocked ? (new Style(Color.Red), "blocked") : (Style.Plain, "");
            var last = SpanText.Show(status.Engine.Now - host.Last) + " ago";
            hosts.AddRow(
                new Text(host.Host.ToString(), style), new Text(host.Offenses.ToString("N0", CultureInfo.InvariantCulture)), new Text(last),
                    new Text(mark, style));
        }

        if (report.Hosts.Count == 0)
            hosts.AddRow(new Text("nobody guesses"), Text.Empty, Text.Empty, Text.Empty);
        var counters = status.Engine.Counters;
        var head = new Text(string.Create(CultureInfo.InvariantCulture,
            $"{status.Engine.Blocks:N0} blocked, {counters.Offenses:N0} wrong guesses, {status.Engine.LinesPerSecond:0.0} lines a second, ")
            + $"{status.Daemon.Firewall}  (q ends)");
        // Texts and never markup: what a client wrote must not be obeyed.
        return new Rows([
            head,
            hosts,
            .. report.Events.TakeLast(rows).Select(seen => new Text(Line(seen), StyleOf(seen.Action)) { Overflow = Overflow.Ellipsis })]);
    }

    private static string ActionOf(ActivityEvent seen) => seen.Action switch
    {
        "block" => "blocked",
        "unblock" => "let in",
        "ignore" => "spared",
        "end_session" => "session ended",
        var other => Printable.Show(other),
    };

    private static string DetailOf(ActivityEvent seen) => (seen.Action, seen.Detail) switch
    {
        ("unblock", "expired") => "its time was over",
        ("unblock", "white_listed") => "the white-list trusts it",
        ("unblock", "requested") => "somebody has asked for it",
        ("unblock", "crowded_out") => "there was no room for more blocks",
        ("unblock", "unfounded") => "the rest of its session showed that it was no guesser",
        ("unblock", "replaced") => "another block has taken its place",
        ("end_session", nameof(SessionEnd.Shutdown)) => "its connection was shut down",
        ("end_session", nameof(SessionEnd.Terminated)) => "the process was terminated",
        ("end_session", nameof(SessionEnd.Killed)) => "the process was killed",
        var (_, detail) => detail,
    };

    private static Style StyleOf(string action) => action switch
    {
        "block" => new Style(Color.Red),
        "unblock" => new Style(Color.Green),
        _ => Style.Plain,
    };
}
