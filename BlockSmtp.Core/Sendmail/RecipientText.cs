using BlockSmtp.Grammars;

namespace BlockSmtp.Sendmail;

/// <summary>
/// Tells a recipient, which is what the client wrote after <c>RCPT TO:</c>, from a line of sendmail's own that happens
/// to end like one.
/// </summary>
internal static class RecipientText
{
    /// <summary>
    /// True when <paramref name="text"/>, what stands before <c>... User unknown</c>, can only be a recipient.
    /// </summary>
    /// <remarks>
    /// Most recipients are in angle brackets, but sendmail takes <c>RCPT TO:joe</c>, <c>RCPT TO:"joe"</c>,
    /// <c>RCPT TO:x:joe;</c> and <c>RCPT TO:(to=)joe(a, b)</c> as well and logs them as they are (seen with 8.17,
    /// docs/sendmail.md): who insists on the brackets lets every guess through that leaves them out. What a
    /// bare recipient cannot have is a space outside of quotes, comments and brackets, because sendmail takes what
    /// follows for a parameter (<c>555 5.5.4 … parameter unrecognized</c>). Every line of sendmail's own has one
    /// before the first client text that could end the line: <c>host [IP]: VRFY …</c>, <c>to=&lt;…&gt;, delay=…</c>.
    /// </remarks>
    public static bool IsRecipient(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return false;
        if (text[0] == '<')
            return true;
        var nesting = default(Nesting);
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == ' ' && nesting.IsOutside)
                return false;
            at += nesting.Take(text[at..]);
        }

        return true;
    }

    /// <summary>A recipient for a person to read: printable, and not too long. It stays the client's text.</summary>
    public static string Show(ReadOnlySpan<byte> recipient)
    {
        var shown = recipient.Length > RecipientName.LongestShown ? recipient[..RecipientName.LongestShown] : recipient;
        return string.Create(shown.Length, shown, static (letters, bytes) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = bytes[i] is > 0x1f and < 0x7f ? (char)bytes[i] : '?';
        });
    }
}
