using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using BlockSmtp;
using Microsoft.AspNetCore.Antiforgery;

namespace WebDashboard;

/// <summary>The page. Everything in it is encoded: the names that were tried are text of the attacker.</summary>
internal static class Page
{
    public const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222; background: #fff }
        table { border-collapse: collapse; width: 100% }
        th, td { border-bottom: 1px solid #ddd; padding: .4rem .6rem; text-align: left; vertical-align: top }
        td.names { color: #555; font-size: .9em; overflow-wrap: anywhere }
        button { font: inherit; border: 1px solid #2f75b5; border-radius: .3rem; background: #fff; color: #1f4e79; padding: .1rem .7rem; cursor: pointer }
        """;

    public static string Show(DetectionEngine engine, AntiforgeryTokenSet tokens)
    {
        var counters = engine.Counters;
        var blocks = engine.Blocks.OrderByDescending(block => block.Since).ToList();
        var page = new StringBuilder();
        page.Append(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        page.Append("<title>BlockSmtp</title><link rel=\"stylesheet\" href=\"/style.css\"></head><body><h1>Blocked hosts</h1>");
        page.Append(
            CultureInfo.InvariantCulture, $"<p>{blocks.Count} blocked now; {counters.Offenses} wrong guesses in {counters.Lines} lines; ");
        page.Append(CultureInfo.InvariantCulture, $"{counters.Blocks} blocks and {counters.Releases} releases so far.</p>");
        page.Append("<table><thead><tr><th>Host</th><th>Since (UTC)</th><th>Until (UTC)</th><th>Why</th><th>Names "
            + "tried</th><th></th></tr></thead><tbody>");
        foreach (var block in blocks)
        {
            page.Append("<tr>");
            Cell(page, ShowNetwork(block.Network));
            Cell(page, block.Since.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            Cell(page, block.Until.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            Cell(page, block.Reason);
            Cell(page, string.Join(", ", block.Evidence?.Recipients ?? []), "names");
            page.Append("<td><form method=\"post\" action=\"/release\">");
            Hidden(page, tokens.FormFieldName, tokens.RequestToken!);
            Hidden(page, "network", block.Network.ToString());
            page.Append("<button>Release</button></form></td></tr>");
        }

        return page.Append("</tbody></table></body></html>").ToString();
    }

    private static void Cell(StringBuilder page, string text, string kind = "") =>
        page.Append(CultureInfo.InvariantCulture, $"<td class=\"{kind}\">{HtmlEncoder.Default.Encode(text)}</td>");

    private static void Hidden(StringBuilder page, string name, string value) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"<input type=\"hidden\" name=\"{HtmlEncoder.Default.Encode(name)}\" value=\"{HtmlEncoder.Default.Encode(value)}\">");

    private static string ShowNetwork(IPNetwork network) =>
        network.PrefixLength is 32 or 128 && network.BaseAddress.GetAddressBytes().Length * 8 == network.PrefixLength
            ? network.BaseAddress.ToString()
            : network.ToString();
}
