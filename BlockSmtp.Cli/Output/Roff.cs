using System.Globalization;
using System.Text;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes man(7) text. What is written appears as it is: nothing in it can be taken for a request.</summary>
internal sealed class Roff
{
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
        _text.Append(Line(text)).Append('\n');
        _needsParagraph = true;
        return this;
    }

    public Roff Verbatim(string text)
    {
        _text.Append(".PP\n.nf\n.RS 4\n");
        foreach (var line in text.Split('\n'))
            _text.Append(Line(line)).Append('\n');
        return Request(".RE\n.fi");
    }

    public override string ToString() => _text.ToString();

    private Roff Request(string request)
    {
        _text.Append(request).Append('\n');
        _needsParagraph = false;
        return this;
    }

    private static string Line(string text) => text.StartsWith('.') || text.StartsWith('\'') ? @"\&" + Escape(text) : Escape(text);

    private static string Escape(string text) => text
        .Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("'", "\\(aq", StringComparison.Ordinal).Replace("^", "\\(ha", StringComparison.Ordinal).Replace("~", "\\(ti", StringComparison.Ordinal);
}
