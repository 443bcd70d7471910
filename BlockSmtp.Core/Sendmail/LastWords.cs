using System.Runtime.CompilerServices;

namespace BlockSmtp.Sendmail;

/// <summary>The words behind the last <c>...</c> of a line: they are sendmail's, or the site's, and no client's.</summary>
internal static class LastWords
{
    private static ReadOnlySpan<byte> Dots => "... "u8;

    // With which nearly all lines end that have any.
    private static ReadOnlySpan<byte> Usual => "... User unknown"u8;

    /// <summary>Whether a text consists of the dots and the words that are sendmail's own.</summary>
    public static bool AreUsual(ReadOnlySpan<byte> text) => text.SequenceEqual(Usual);

    /// <summary>Parts a text before and behind them. False when there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCut(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> before, out ReadOnlySpan<byte> words)
    {
        var at = text.EndsWith(Usual) ? text.Length - Usual.Length : text.LastIndexOf(Dots);
        before = at < 0 ? default : text[..at];
        words = at < 0 ? default : text[(at + Dots.Length)..];
        return at >= 0;
    }
}
