using System.Globalization;
using BlockSmtp.Cli.Json;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes how a fleet does.</summary>
internal static class FleetPage
{
    public static void Write(TextWriter output, FleetReport report)
    {
        var fleet = report.Fleet;
        var name = fleet.Node.Length > 0 ? Printable.Show(fleet.Node) : "this host";
        var problem = fleet.IsConnected && fleet.Problem is null ? "" : $": {Printable.Show(fleet.Problem ?? "")}";
        Line("fleet", $"{(fleet.IsConnected ? "heard" : "NOT heard")}, as {name}{problem}");
        Line("hosts", fleet.Hosts.Count == 0 ? "nobody was seen yet" : string.Join(", ", fleet.Hosts.Select(Host)));
        var last = fleet.LastHeard is { } ago ? Text($", the last {SpanText.Show(ago)} ago") : "";
        var lag = fleet.Lag is { } late ? Text($", {late.TotalMilliseconds:N0} ms after it was said") : "";
        Line("heard", Text($"{fleet.Heard:N0} words{last}{lag}"));
        Line("said", Text($"{fleet.Said:N0} words, {fleet.Waiting:N0} wait{(fleet.Dropped > 0 ? $", {fleet.Dropped:N0} given up" : "")}"));
        var taken = Text($"{report.Blocked:N0} taken over, {report.Released:N0} ended, {report.Facts:N0} facts counted");
        Line("blocks", Text($"{report.Blocks:N0} now because of others; {taken}"));
        var improper = Text($"{report.Improper + fleet.Improper:N0} no words");
        Line(
            "refused",
            Text($"{report.Trusted:N0} of whom this host trusts, {report.TooWide:N0} too wide, {report.TooMany:N0} too many, {improper}"));

        void Line(string what, string text) => output.WriteLine($"{what,-10}{text}");
    }

    public static void WriteJson(FleetReport report) => JsonLine.Write(json =>
    {
        var fleet = report.Fleet;
        json.WriteString("node", Printable.Show(fleet.Node));
        json.WriteBoolean("connected", fleet.IsConnected);
        if (fleet.Problem is { } problem)
            json.WriteString("problem", Printable.Show(problem));
        json.WriteStartArray("hosts");
        foreach (var host in fleet.Hosts)
        {
            json.WriteStartObject();
            json.WriteString("node", Printable.Show(host.Node));
            json.WriteNumber("seen_seconds_ago", Math.Round(host.Seen.TotalSeconds, 1));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("heard", fleet.Heard);
        if (fleet.LastHeard is { } ago)
            json.WriteNumber("heard_seconds_ago", Math.Round(ago.TotalSeconds, 1));
        if (fleet.Lag is { } lag)
            json.WriteNumber("lag_seconds", Math.Round(lag.TotalSeconds, 3));
        json.WriteNumber("said", fleet.Said);
        json.WriteNumber("waiting", fleet.Waiting);
        json.WriteNumber("dropped", fleet.Dropped);
        json.WriteNumber("blocks", report.Blocks);
        json.WriteNumber("blocked", report.Blocked);
        json.WriteNumber("released", report.Released);
        json.WriteNumber("facts", report.Facts);
        json.WriteNumber("refused_trusted", report.Trusted);
        json.WriteNumber("refused_too_wide", report.TooWide);
        json.WriteNumber("refused_too_many", report.TooMany);
        json.WriteNumber("refused_improper", report.Improper + fleet.Improper);
    });

    private static string Host(FleetHost host) => host.Seen < TimeSpan.FromSeconds(30)
        ? Printable.Show(host.Node)
        : $"{Printable.Show(host.Node)} (last seen {SpanText.Show(host.Seen)} ago)";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
