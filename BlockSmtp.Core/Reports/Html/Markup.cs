using System.Diagnostics.CodeAnalysis;

namespace BlockSmtp.Reports.Html;

/// <summary>
/// A piece of HTML. It can be made of text that stands in this program, and of what <see cref="MarkupText"/> has encoded, and of
/// nothing else: no text of a log gets in as it is.
/// </summary>
internal readonly struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    /// <summary>From an interpolated string: its holes are encoded, but for those that are markup already.</summary>
    public static Markup Of(MarkupText text) => new(text.ToString());

    /// <summary>A text that stands in this program.</summary>
    public static Markup Constant([ConstantExpected] string text) => new(text);

    public override string ToString() => _text ?? "";
}
