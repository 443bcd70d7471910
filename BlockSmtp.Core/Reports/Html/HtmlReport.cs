using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace BlockSmtp.Reports.Html;

/// <summary>
/// Writes a <see cref="Report"/> as one HTML page that needs nothing else: no network, no script. A policy in the page itself forbids
/// both, so that whatever a client has put into the log, nothing of it can run.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="output">Where to; UTF-8 is what the page says it is.</param>
    /// <param name="report">What to show.</param>
    /// <param name="sources">What was read, such as the names of the logs.</param>
    /// <param name="time">When the report is made.</param>
    public static void Write(TextWriter output, Report report, IEnumerable<string> sources, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(sources);
        output.Write(Page(report, string.Join(", ", sources), time).ToString());
    }

    private static Markup Page(Report report, string sources, DateTimeOffset time) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{HashOf(ReportStyle.Css)}'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <meta name="color-scheme" content="light dark">
        <title>BlockSmtp: who guessed, and who would have been blocked</title>
        <style>{Markup.Constant(ReportStyle.Css)}</style>
        </head>
        <body>
        <header>
        <fieldset class="theme"><legend>Theme</legend><label><input type="radio" name="theme" id="theme-auto" checked>auto</label><label><input type="radio" name="theme" id="theme-light">light</label><label><input type="radio" name="theme" id="theme-dark">dark</label></fieldset>
        <p class="brand">BlockSmtp</p>
        <h1>Who guessed, and who would have been blocked</h1>
        <p class="lead">{Span(report)}{sources}. As set: {Figures.Settings(report.Settings[0])}.</p>
        </header>
        <main>
        {ReportSections.Tiles(report)}
        {(report.Periods.Count == 0 ? Markup.Constant("<p class=\"none\">Nobody guessed in this log.</p>") : Markup.Of($"""
        {ReportSections.Times(report)}
        {ReportSections.Groups(report)}
        {ReportSections.Hosts(report)}
        {ReportSections.Networks(report)}
        {ReportSections.Settings(report)}
        {ReportSections.Thresholds(report)}
        """))}
        </main>
        <footer>
        <p><b>How to read it.</b> A guess is a recipient that {MailersOf(report) ?? "the mail server"} refused as unknown. <i>Answered</i> guesses were made while their host was not blocked: so much a guesser learns.
        <i>Kept out</i> are those that came while it would have been blocked; a host that is cut off may in truth try less, or more. <i>Real senders</i> are hosts that had mail accepted and
        delivered in the same log. Trusted hosts count for neither. All times are UTC.</p>
        <p>Made {Figures.Minute(time)} UTC by BlockSmtp {Version} from {Figures.Of(report.Summary.Counters.Lines, "line", "lines")}{(MailersOf(report) is { } mailers ? $", logged by {mailers}" : "")}. This page holds no script and loads nothing.</p>
        </footer>
        </body>
        </html>

        """);

    private static string? Version =>
        typeof(HtmlReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    private static string HashOf(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string? MailersOf(Report report) => report.Summary.Mailers is { Count: > 0 } mailers
        ? string.Join(" and ", mailers.Select(mailer => mailer == Mailer.Sendmail ? "sendmail" : mailer.ToString()))
        : null;

    private static string Span(Report report)
    {
        if (report.Summary.Hosts.Count == 0)
            return "";
        var (first, last) = (report.Summary.Hosts.Min(host => host.First), report.Summary.Hosts.Max(host => host.Last));
        return $"{Figures.Minute(first)} to {Figures.Minute(last)} UTC, from ";
    }
}
