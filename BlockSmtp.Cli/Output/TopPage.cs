using System.Globalization;
using BlockSmtp.Control;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BlockSmtp.Cli.Output;

/// <summary>Draws what the daemon does just now.</summary>
internal static class TopPage
{
    /// <summary>An event as a line.</summary>
    public static string Line(ActivityEvent seen) => string.Create(CultureInfo.InvariantCulture,
        $"{seen.Time:HH:mm:ss} {seen.Action,-11} {(seen.Network is { } network ? BlockTable.NameOf(network) : "?"),-15} {Printable.Show(seen.Detail)}");

    public static void Write(TextWriter output, ActivityReport report)
    {
        output.WriteLine($"{"host",-39}  guesses in the last minute");
        foreach (var host in report.Hosts)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{host.Host,-39}  {host.Offenses}"));
        output.WriteLine();
        foreach (var seen in report.Events)
            output.WriteLine(Line(seen));
    }

    /// <summary>For a terminal of so many lines: the hosts in its upper half, the events in its lower.</summary>
    public static IRenderable Draw(DaemonStatus status, ActivityReport report, int height)
    {
        var rows = (height - 8) / 2;
        var hosts = new Table { Border = TableBorder.Simple, Expand = true };
        hosts.AddColumn("host").AddColumn(new TableColumn("guesses a minute").RightAligned()).AddColumn("last");
        foreach (var host in report.Hosts.Take(rows))
            hosts.AddRow(new Text(host.Host.ToString()), new Text(host.Offenses.ToString("N0", CultureInfo.InvariantCulture)), new Text(SpanText.Show(status.Engine.Now - host.Last) + " ago"));
        if (report.Hosts.Count == 0)
            hosts.AddRow(new Text("nobody guesses"), Text.Empty, Text.Empty);
        var counters = status.Engine.Counters;
        var head = new Text(string.Create(CultureInfo.InvariantCulture,
            $"{status.Engine.Blocks:N0} blocked, {counters.Offenses:N0} wrong guesses, {status.Engine.LinesPerSecond:0.0} lines a second, {status.Daemon.Firewall}  (Ctrl-C ends)"));
        // Texts and never markup: what a client wrote must not be obeyed.
        return new Rows([head, hosts, .. report.Events.TakeLast(rows).Select(seen => new Text(Line(seen), StyleOf(seen.Action)) { Overflow = Overflow.Ellipsis })]);
    }

    private static Style StyleOf(string action) => action switch
    {
        "block" => new Style(Color.Red),
        "unblock" => new Style(Color.Green),
        _ => Style.Plain,
    };
}
