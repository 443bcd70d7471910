namespace BlockSmtp.Grammars;

/// <summary>
/// An address in angle brackets that a mail server has taken, <c>&lt;"a&gt;b"@example.org&gt;</c>: its quotes come in pairs.
/// </summary>
internal static class BracketedAddress
{
    /// <summary>Where the bracket closes that a text begins with: the first one outside of quotes; -1 where none does.</summary>
    public static int EndIn(ReadOnlySpan<byte> text)
    {
        var isQuoted = false;
        for (var at = 1; at < text.Length; at++)
        {
            // Hardly any has quotes.
            var next = text[at..].IndexOfAny((byte)'>', (byte)'"', (byte)'\\');
            if (next < 0)
                break;
            at += next;
            if (text[at] == '\\')
                at++;
            else if (text[at] == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted)
                return at;
        }

        return -1;
    }
}
