using System.Text;
using BlockSmtp.Grammars;

namespace BlockSmtp.Exim;

/// <summary>
/// The recipient behind <c> rejected RCPT </c>, as the client has typed it, with brackets or without: of what it has typed Exim logs the
/// first 100 bytes (smtp_in.c, smtp_handle_acl_fail), and a phrase or a comment before the address may fill them.
/// </summary>
internal static class RefusedRecipient
{
    /// <summary>How many bytes Exim shows.</summary>
    public const int LongestShown = 100;

    /// <summary>How long the recipient in brackets is that a text begins with; 0 where none closes within what is shown.</summary>
    public static int LengthInBrackets(ReadOnlySpan<byte> text) =>
        text.StartsWith("<"u8) ? BracketedAddress.EndIn(text[..Math.Min(text.Length, LongestShown)]) + 1 : 0;

    /// <summary>The recipient that a text begins with; empty where the log does not show which it is.</summary>
    /// <param name="text">The recipient, a colon, and why it was refused.</param>
    public static ReadOnlySpan<byte> In(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("<"u8))
        {
            var recipient = text[..LengthInBrackets(text)];
            return HasComment(recipient) ? default : recipient;
        }

        var end = text.LastIndexOf(": "u8);
        return end is > 0 and < LongestShown ? text[..end] : default;
    }

    /// <summary>
    /// The recipient that a text begins with, in brackets or a bare address, so that no client has written what follows it; empty where it
    /// may have another end, or a comment within.
    /// </summary>
    /// <param name="text">The recipient, a colon, and why it was refused.</param>
    /// <param name="words">Why it was refused; where the recipient may have another end, what stands behind the last colon.</param>
    public static ReadOnlySpan<byte> WholeIn(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> words)
    {
        var end = text.StartsWith("<"u8) ? LengthInBrackets(text) : text.IndexOf(": "u8);
        if (end is > 0 and < LongestShown && text[end..].StartsWith(": "u8) && (text[0] == '<' || RecipientName.IsAddress(text[..end])))
        {
            words = text[(end + 2)..];
            return HasComment(text[..end]) ? default : text[..end];
        }

        words = text[(text.LastIndexOf(": "u8) is >= 0 and var last ? last + 2 : text.Length)..];
        return default;
    }

    /// <summary>The domain of an address, in brackets or without; empty for none.</summary>
    public static ReadOnlySpan<byte> DomainOf(ReadOnlySpan<byte> address) =>
        address[(address.LastIndexOf((byte)'@') is > 0 and var at ? at + 1 : address.Length)..].TrimEnd("> "u8);

    /// <summary>Whether a sender has the domain of the recipient that a text begins with, or of one that the log does not show.</summary>
    /// <param name="sender">The sender in its brackets.</param>
    /// <param name="text">The recipient, a colon, and why it was refused.</param>
    public static bool IsInDomainOf(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> text)
    {
        var at = sender.LastIndexOf((byte)'@');
        if (at <= 1)
            return false;
        var domain = sender[at..^1];
        var recipient = In(text);
        // Of one without brackets a text of the site's may be taken for a part.
        return recipient.IsEmpty || EndsIn(recipient, domain) || EndsIn(recipient[..Math.Max(0, recipient.IndexOf(": "u8))], domain);
    }

    private static bool EndsIn(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> domain)
    {
        recipient = recipient.TrimEnd("> "u8);
        return recipient.Length > domain.Length && Ascii.EqualsIgnoreCase(recipient[^domain.Length..], domain);
    }

    /// <summary>A bracket in a comment closes nothing, so that the address may go on behind what seems to be its end.</summary>
    private static bool HasComment(ReadOnlySpan<byte> recipient)
    {
        // Hardly any has one.
        if (!recipient.Contains((byte)'('))
            return false;
        var isQuoted = false;
        for (var at = 0; at < recipient.Length; at++)
        {
            if (recipient[at] == '\\')
                at++;
            else if (recipient[at] == '"')
                isQuoted = !isQuoted;
            else if (recipient[at] == '(' && !isQuoted)
                return true;
        }

        return false;
    }
}
