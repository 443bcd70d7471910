namespace BlockSmtp.Cli;

/// <summary>Text of others for a terminal: what a client wrote, or a file that may be anything.</summary>
internal static class Printable
{
    private const int Longest = 100;

    /// <summary>
    /// Without control characters, which a terminal would obey, without letters that are not shown or turn the
    /// writing round, and not too long.
    /// </summary>
    public static string Show(string text)
    {
        var shown = new string([.. text.Take(Longest).Select(letter => IsPlain(letter) ? letter : '?')]);
        return text.Length > Longest ? shown + "…" : shown;
    }

    private static bool IsPlain(char letter) => char.GetUnicodeCategory(letter) is not
        (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.Surrogate
        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
        or System.Globalization.UnicodeCategory.PrivateUse
        or System.Globalization.UnicodeCategory.OtherNotAssigned);
}
