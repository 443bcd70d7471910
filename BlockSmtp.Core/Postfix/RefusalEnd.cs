using System.Buffers;
using BlockSmtp.Grammars;

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
    // More have no room in a line of Postfix's (SmtpdRefusal).
    private const int MostPlaces = 400;

    private static readonly SearchValues<byte> Special = SearchValues.Create(" \"<>;:,"u8);
    private static readonly SearchValues<byte> SpecialInDomain = SearchValues.Create(" \"<>;,"u8);

    private RefusalEnd(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> recipient, int at, int until)
    {
        Sender = sender;
        Recipient = recipient;
        At = at;
        Until = until;
    }

    private static ReadOnlySpan<byte> To => " to=<"u8;

    private static ReadOnlySpan<byte> From => " from=<"u8;

    private static ReadOnlySpan<byte> Separated => "; from=<"u8;

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

    /// <summary>
    /// The recipient as the reply repeats him, where the end could have been read in several ways and he has told which is the true one;
    /// empty else.
    /// </summary>
    public ReadOnlySpan<byte> Repeated { get; private init; }

    /// <summary>Reads it.</summary>
    /// <param name="text">A refusal.</param>
    /// <param name="hasRecipient">Whether there is a recipient already.</param>
    public static RefusalEnd In(ReadOnlySpan<byte> text, bool hasRecipient)
    {
        var until = text.LastIndexOf("> proto="u8) + 1;
        var rest = text[..until];
        // With whom the reply begins, and each of these, has one.
        if (rest.Count((byte)'<') > (hasRecipient ? 3 : 2) && TryRead(text, until, hasRecipient, out var end))
            return end;
        ReadOnlySpan<byte> recipient = default;
        if (hasRecipient)
            recipient = TakeAddress(To, ref rest);
        var sender = TakeAddress(From, ref rest);
        return new RefusalEnd(sender, recipient, rest.EndsWith(";"u8) ? rest.Length - 1 : 0, until);
    }

    /// <summary>
    /// Reads an end that stands within it, too, by the address with which the reply begins: a source route has no quotes, whatever is in it
    /// (<c>&lt;"@x; from=&lt;y&gt; to=&lt;z:joe"@example.org&gt;</c>).
    /// </summary>
    private static bool TryRead(ReadOnlySpan<byte> text, int until, bool hasRecipient, out RefusalEnd end)
    {
        end = default;
        var said = ReplyCode.Skip(text);
        if (!said.StartsWith("<"u8))
            return false;
        var start = text.Length - said.Length;
        var senders = PlacesOf(Separated, text[..until], start, stackalloc int[MostPlaces]);
        var recipients = hasRecipient ? PlacesOf(To, text[..until], start, stackalloc int[MostPlaces]) : [until];
        foreach (var toAt in hasRecipient ? recipients : [])
        {
            if (!IsRepeatedFirst(said, text, toAt + To.Length - 1, until, out var length))
                continue;
            foreach (var at in senders)
            {
                // The first that is written as Postfix writes one.
                if (at < start + length || at >= toAt || !IsWellFormed(text[(at + From.Length)..toAt]))
                    continue;
                end = new RefusalEnd(text[(at + From.Length)..toAt], text[(toAt + To.Length - 1)..until], at, until)
                {
                    Repeated = said[..length],
                };
                return true;
            }

            // VRFY has no sender.
            if (toAt >= start + length && text[toAt - 1] == ';')
            {
                end = new RefusalEnd(default, text[(toAt + To.Length - 1)..until], toAt - 1, until) { Repeated = said[..length] };
                return true;
            }
        }

        // Or it is the sender who is refused.
        foreach (var toAt in recipients)
        {
            var recipient = hasRecipient ? text[(toAt + To.Length - 1)..until] : default;
            if (hasRecipient && !IsWellFormed(recipient))
                continue;
            foreach (var at in senders)
            {
                if (at >= toAt
                    || !IsRepeatedFirst(said, text, at + From.Length, toAt, out _)
                    || !IsWellFormed(text[(at + From.Length)..toAt]))
                    continue;
                end = new RefusalEnd(text[(at + From.Length)..toAt], recipient, at, until);
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a reply begins with the address that stands in a text from one place to another.</summary>
    private static bool IsRepeatedFirst(ReadOnlySpan<byte> said, ReadOnlySpan<byte> text, int from, int until, out int length)
    {
        // One without quotes is as long there: there are too many places for a closer look at each.
        length = until - from;
        var isQuoted = IsQuoted(text[from..until]);
        return (isQuoted || (length < said.Length && said[length] == ':' && said[length - 1] == '>'))
            && IsRepeated(said, text[from..until], out length)
            && length < said.Length
            && said[length] == ':';
    }

    /// <summary>Whether an address has quotes as a whole, but for a source route.</summary>
    private static bool IsQuoted(ReadOnlySpan<byte> address) =>
        address.StartsWith("<\""u8)
        || (address.StartsWith("<@"u8) && address.IndexOf((byte)':') is > 0 and var colon && address[(colon + 1)..].StartsWith("\""u8));

    /// <summary>All places of a mark in a text, from one on.</summary>
    private static ReadOnlySpan<int> PlacesOf(ReadOnlySpan<byte> mark, ReadOnlySpan<byte> text, int from, Span<int> room)
    {
        var count = 0;
        while (count < room.Length && text[from..].IndexOf(mark) is >= 0 and var next)
        {
            room[count++] = from + next;
            from += next + 1;
        }

        return room[..count];
    }

    /// <summary>
    /// Whether an address is written as Postfix writes one: without quotes where it needs none, else in quotes as a whole, but for a
    /// source route (quote_822_local).
    /// </summary>
    private static bool IsWellFormed(ReadOnlySpan<byte> address)
    {
        if (address.Length < 2 || address[0] != '<' || address[^1] != '>')
            return false;
        var inner = address[1..^1];
        if (inner.StartsWith("@"u8) && inner.IndexOf((byte)':') is > 0 and var colon)
            inner = inner[(colon + 1)..];
        var at = inner.LastIndexOf((byte)'@');
        var local = at < 0 ? inner : inner[..at];
        // "user@[IPv6:2001:db8::1]"
        if (inner[local.Length..].ContainsAny(SpecialInDomain))
            return false;
        if (!local.StartsWith("\""u8))
            return !local.ContainsAny(Special);
        for (var i = 1; i < local.Length; i++)
        {
            if (local[i] == '\\')
                i++;
            else if (local[i] == '"')
                return i == local.Length - 1;
        }

        return false;
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
        // A source route has no quotes.
        var quotedAt = address.StartsWith("<@"u8) ? address.IndexOf((byte)':') + 1 : 0;
        if (!address[quotedAt..].Contains((byte)'"'))
            quotedAt = address.Length;
        length = 0;
        for (var at = 0; at < address.Length; at++)
        {
            if (at >= quotedAt && address[at] == '"')
                continue;
            if (at >= quotedAt && address[at] == '\\' && at + 1 < address.Length)
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
