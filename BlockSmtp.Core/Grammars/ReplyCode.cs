namespace BlockSmtp.Grammars;

/// <summary>The codes that a reply begins with: <c>550 5.1.1 text</c>, perhaps without the second one (RFC 3463).</summary>
internal static class ReplyCode
{
    /// <summary>
    /// Whether it is a permanent refusal that may be one of a recipient: no code for a sender, a full mailbox, a size, a loop or a
    /// mistake in the command.
    /// </summary>
    public static bool IsOfRecipient(ReadOnlySpan<byte> reply)
    {
        if (reply.Length < 5 || reply[0] != '5')
            return false;
        var more = reply[4..];
        return !(more.StartsWith("5.1.0 "u8) || more.StartsWith("5.1.7 "u8) || more.StartsWith("5.1.8 "u8) || more.StartsWith("5.2.2 "u8) ||
            more.StartsWith("5.2.3 "u8) || more.StartsWith("5.3.4 "u8) || more.StartsWith("5.4."u8) || more.StartsWith("5.5."u8) ||
            more.StartsWith("5.6."u8));
    }

    /// <summary>
    /// Whether it is a refusal of a message whose sender's domain has not sent it, or takes none: 5.7.20 to 5.7.29 (RFC 7372, 7505, 8617).
    /// </summary>
    /// <param name="reply">A reply, or a text that may be none.</param>
    public static bool IsOfCheck(ReadOnlySpan<byte> reply)
    {
        if (reply.Length > 4 && reply[3] is (byte)' ' or (byte)'-' && char.IsAsciiDigit((char)reply[0]))
            reply = reply[4..];
        return reply.Length >= 6 && reply.StartsWith("5.7.2"u8) && char.IsAsciiDigit((char)reply[5]) &&
            (reply.Length == 6 || reply[6] is (byte)' ' or (byte)':');
    }

    /// <summary>Whether what follows the first code of another server's reply says by itself that there is no such mailbox.</summary>
    public static bool IsOfMissing(ReadOnlySpan<byte> more) =>
        (more.StartsWith("5.1.1"u8) && (more.Length == 5 || more[5] == ' ')) ||
        // Microsoft's, of a tenant that knows its recipients.
        more.StartsWith("5.4.1 Recipient address rejected: Access denied."u8);

    /// <summary>What follows them.</summary>
    public static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> reply)
    {
        if (reply.Length < 4 || reply[3] != ' ')
            return default;
        reply = reply[4..];
        var space = reply.IndexOf((byte)' ');
        return space is >= 5 and <= 9 && reply[..space].IndexOfAnyExceptInRange((byte)'.', (byte)'9') < 0 ? reply[(space + 1)..] : reply;
    }
}
