using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace BlockSmtp.Reports.Html;

/// <summary>
/// Makes HTML of an interpolated string (the compiler calls it): what stands there is taken as it is, what is put in is encoded, fit
/// for text and for an attribute in double quotes.
/// </summary>
[InterpolatedStringHandler]
internal readonly struct MarkupText(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(Markup markup) => _text.Append(markup.ToString());

    public void AppendFormatted(IEnumerable<Markup> markups)
    {
        foreach (var markup in markups)
            _text.Append(markup.ToString());
    }

    public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(Printable(text ?? "")));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable =>
        AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();

    /// <summary>HTML has no place for control characters and halves of surrogate pairs, however they are written.</summary>
    private static string Printable(string text)
    {
        var wrong = text.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter));
        return wrong
            ? new string([.. text.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '\uFFFD' : letter)])
            : text;
    }
}
