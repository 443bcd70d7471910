using System.Buffers;

namespace BlockSmtp.Exim;

/// <summary>
/// The sender behind <c> rejected MAIL </c>, as the client has typed it: a phrase, comments and blanks may stand around its address, and
/// comments and blanks between the pieces of that (parse.c).
/// </summary>
internal static class TypedSender
{
    // None of a domain: there comments or blanks are in it, and what Exim makes of it the line does not tell.
    private static readonly SearchValues<byte> NoneOfDomain = SearchValues.Create(" \t()<>\"\\="u8);

    /// <summary>Reads the sender that a text begins with.</summary>
    /// <param name="text">The sender as far as Exim shows it, and perhaps words of the site's.</param>
    /// <param name="address">Its address; empty where the line does not tell it.</param>
    /// <param name="domain">Its domain; empty where the line does not tell it.</param>
    /// <returns>False where it is no guess: it has no domain, or may be nothing but long, as a newsletter's is.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address, out ReadOnlySpan<byte> domain)
    {
        text = text[..Math.Min(text.Length, RefusedRecipient.LongestShown)];
        domain = default;
        address = AddressIn(text);
        if (address.IsEmpty)
            return !text.StartsWith("<"u8) || text.StartsWith("<@"u8) || text.IndexOfAny(" \t(:"u8) >= 0;
        domain = RefusedRecipient.DomainOf(address).Trim(" \t.="u8);
        if (domain.IndexOfAny(NoneOfDomain) < 0)
            return !domain.IsEmpty;
        domain = address = default;
        return true;
    }

    /// <summary>The address in brackets, or without any; empty where it does not end, or has a comment within.</summary>
    private static ReadOnlySpan<byte> AddressIn(ReadOnlySpan<byte> text)
    {
        var (open, start, end, depth) = (-1, -1, -1, 0);
        var (isQuoted, hasComment, isTorn) = (false, false, false);
        var length = text.Length;
        for (var at = 0; at < length; at++)
        {
            var letter = text[at];
            if (depth > 0)
            {
                depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
            }
            else if (isQuoted)
            {
                isQuoted = letter != '"';
            }
            else if (letter == '>' && open >= 0)
            {
                return hasComment ? default : text[open..(at + 1)];
            }
            else if (letter == '(')
            {
                (depth, hasComment) = (1, hasComment || open >= 0);
                end = end < 0 && start >= 0 ? at : end;
            }
            else if (open >= 0)
            {
                isQuoted = letter == '"';
            }
            else if (letter is (byte)' ' or (byte)'\t')
            {
                end = end < 0 && start >= 0 ? at : end;
            }
            else if (letter == '<')
            {
                open = at;
            }
            else if (letter == ':' && at + 1 < length && text[at + 1] == ' ')
            {
                length = at;
            }
            else
            {
                isQuoted = letter == '"';
                start = start < 0 ? at : start;
                // The address goes on behind a blank.
                isTorn |= end >= 0 && (letter is (byte)'.' or (byte)'@' || text[end - 1] is (byte)'.' or (byte)'@');
            }

            if (letter == '\\')
                at++;
        }

        return open >= 0 || start < 0 || depth > 0 || isQuoted || isTorn || length == RefusedRecipient.LongestShown
            ? default
            : text[start..(end < 0 ? length : end)];
    }
}
