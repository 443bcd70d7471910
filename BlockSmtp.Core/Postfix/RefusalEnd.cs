namespace BlockSmtp.Postfix;

/// <summary>
/// The end of a refusal, <c>; from=&lt;SENDER&gt; to=&lt;RECIPIENT&gt; proto=ESMTP helo=&lt;NAME&gt;</c>. All but HELO may hold any text,
/// this end, too, so it is read backwards.
/// </summary>
/// <remarks>
/// An address that needs quotes has them, and a backslash before each quote within. Without quotes are those of Postfix before 3.5, and
/// with <c>info_log_address_format = internal</c>: then it is not told for certain where one begins.
/// </remarks>
internal readonly ref struct RefusalEnd
{
    private RefusalEnd(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> recipient, int at, int until)
    {
        Sender = sender;
        Recipient = recipient;
        At = at;
        Until = until;
    }

    /// <summary>The sender with his brackets; empty where none is told.</summary>
    public ReadOnlySpan<byte> Sender { get; }

    /// <summary>The recipient with his brackets; empty where none is told.</summary>
    public ReadOnlySpan<byte> Recipient { get; }

    /// <summary>Where it begins, behind the reply; 0 where that cannot be told.</summary>
    public int At { get; }

    /// <summary>Where its addresses end; 0 where it is missing.</summary>
    public int Until { get; }

    /// <summary>Whether it can be told.</summary>
    public bool IsKnown => At > 0;

    /// <summary>Reads it.</summary>
    /// <param name="text">A refusal.</param>
    /// <param name="hasRecipient">Whether there is a recipient already.</param>
    public static RefusalEnd In(ReadOnlySpan<byte> text, bool hasRecipient)
    {
        var until = text.LastIndexOf("> proto="u8) + 1;
        var rest = text[..until];
        ReadOnlySpan<byte> recipient = default;
        if (hasRecipient)
            recipient = TakeAddress(" to=<"u8, ref rest);
        var sender = TakeAddress(" from=<"u8, ref rest);
        return new RefusalEnd(sender, recipient, rest.EndsWith(";"u8) ? rest.Length - 1 : 0, until);
    }

    /// <summary>
    /// Whether a text begins with an address as replies repeat it: without its quotes, and with a blank for what is a question mark here.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    /// <param name="length">How much of <paramref name="text"/> it takes.</param>
    public static bool IsRepeated(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address, out int length)
    {
        length = address.Length;
        if (text.StartsWith(address))
            return length > 0;
        if (!address.Contains((byte)'"'))
            return false;
        length = 0;
        for (var at = 0; at < address.Length; at++)
        {
            if (address[at] == '"')
                continue;
            if (address[at] == '\\' && at + 1 < address.Length)
                at++;
            if (length == text.Length || (text[length] != address[at] && (text[length] != ' ' || address[at] != '?')))
                return false;
            length++;
        }

        return true;
    }

    /// <summary>Takes <c> to=&lt;x@example.org&gt;</c> from the end of a text; nothing where it does not end so.</summary>
    private static ReadOnlySpan<byte> TakeAddress(scoped ReadOnlySpan<byte> name, scoped ref ReadOnlySpan<byte> text)
    {
        var start = text.LastIndexOf(name);
        if (start < 0 || !text.EndsWith(">"u8))
            return default;
        if (text[start..].Contains((byte)'"'))
        {
            // The last one closes, as a domain has none; the one that opens has no backslash before it.
            var quote = text.LastIndexOf((byte)'"');
            do
                quote = text[..quote].LastIndexOf((byte)'"');
            while (quote > 0 && text[quote - 1] == '\\');
            if (quote >= name.Length && text[(quote - name.Length)..].StartsWith(name))
                start = quote - name.Length;
        }

        var address = text[(start + name.Length - 1)..];
        text = text[..start];
        return address;
    }
}
