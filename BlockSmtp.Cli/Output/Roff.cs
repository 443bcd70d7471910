using System.Globalization;
using System.Text;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes man(7) text. What is written appears as it is: nothing in it can be taken for a request.</summary>
internal sealed class Roff
{
    private const int Width = 78;

    private readonly StringBuilder _text = new();
    private bool _needsParagraph;

    public Roff(string title, int section, string date, string version, string manual) =>
        _text.Append(CultureInfo.InvariantCulture, $".TH {title} {section} {date} \"blocksmtp {version}\" \"{manual}\"\n");

    public Roff Section(string name) => Request($".SH \"{Escape(name)}\"");

    /// <summary>A paragraph with a head of its own; its text follows.</summary>
    public Roff Item(string head) => Request($".TP\n\\fB{Escape(head)}\\fR");

    public Roff Paragraph() => Request(".PP");

    public Roff Break() => Request(".br");

    public Roff Text(string text)
    {
        if (_needsParagraph)
            _text.Append(".PP\n");
        var line = new StringBuilder();
        foreach (var word in text.Split(' ').Select(Escape))
        {
            if (line.Length > 0 && line.Length + word.Length + 1 > Width)
            {
                AppendLine(line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        AppendLine(line.ToString());
        _needsParagraph = true;
        return this;
    }

    /// <summary>As it stands, in a paragraph of its own.</summary>
    public Roff Verbatim(string text)
    {
        if (_needsParagraph)
            _text.Append(".PP\n");
        _text.Append(".nf\n.RS 4\n");
        foreach (var line in text.Split('\n'))
            AppendLine(Escape(line));
        return Request(".RE\n.fi");
    }

    public override string ToString() => _text.ToString();

    private Roff Request(string request)
    {
        _text.Append(request).Append('\n');
        _needsParagraph = false;
        return this;
    }

    /// <summary>A dot or a quote that begins a line would make it a request.</summary>
    private void AppendLine(string line) =>
        _text.Append(line.StartsWith('.') || line.StartsWith('\'') ? @"\&" : "").Append(line).Append('\n');

    private static string Escape(string text) => text
        .Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("'", "\\(aq", StringComparison.Ordinal).Replace("^", "\\(ha", StringComparison.Ordinal)
        .Replace("~", "\\(ti", StringComparison.Ordinal);
}
