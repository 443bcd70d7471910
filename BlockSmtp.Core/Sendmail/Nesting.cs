namespace BlockSmtp.Sendmail;

/// <summary>
/// How deep in quotes, comments and angle brackets a place of an address is that a client has written, as sendmail reads it and logs it
/// (prescan in parseaddr.c). Nothing that stands within them ends the address.
/// </summary>
/// <remarks>
/// A backslash of the client makes the next character an ordinary one, wherever it stands: <c>joe(\) x)</c> is one comment. The log has
/// it doubled, <c>joe(\\) x)</c>, as sendmail also writes a tab as <c>\t</c>. Of brackets within brackets the innermost is the address, so
/// that <c>to=&lt;a, delay=&lt;joe@example.org&gt;&gt;</c> is joe's.
/// </remarks>
internal struct Nesting
{
    private bool _isQuoted;
    private int _comments;
    private int _brackets;

    /// <summary>Whether a character that comes now stands outside of all of them.</summary>
    public readonly bool IsOutside => !_isQuoted && _comments == 0 && _brackets == 0;

    /// <summary>Goes on by a character, with what it escapes.</summary>
    /// <param name="text">What begins with it.</param>
    /// <returns>How much of the text that is.</returns>
    public int Take(ReadOnlySpan<byte> text)
    {
        switch (text[0])
        {
            case (byte)'\\':
                return Math.Min(text.Length, 1 + EscapedLength(text[1..]));
            case (byte)'"' when _comments == 0:
                _isQuoted = !_isQuoted;
                break;
            case (byte)'(' when !_isQuoted:
                _comments++;
                break;
            case (byte)')' when !_isQuoted && _comments > 0:
                _comments--;
                break;
            case (byte)'<' when !_isQuoted && _comments == 0:
                _brackets++;
                break;
            case (byte)'>' when !_isQuoted && _comments == 0 && _brackets > 0:
                _brackets--;
                break;
        }

        return 1;
    }

    /// <summary>How much of the log a backslash takes with it: the other half of its doubling, and the character that it escapes.</summary>
    private static int EscapedLength(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("\\"u8))
            return 1;
        return text[1..].StartsWith("\\\\"u8) ? 3 : 2;
    }
}
