namespace BlockSmtp.Grammars;

/// <summary>
/// Names that the words of a refusal repeat, in whatever case and as a link or a sentence has them: what the words say is told without
/// them.
/// </summary>
internal static class RepeatedName
{
    /// <summary>Of longer words nothing is cut.</summary>
    public const int LongestCut = 2048;

    /// <summary>The address in a recipient as it was typed, without brackets, a phrase and a route; empty for none.</summary>
    public static ReadOnlySpan<byte> AddressIn(ReadOnlySpan<byte> recipient)
    {
        var isBracketed = recipient.StartsWith("<"u8) && BracketedAddress.EndIn(recipient) == recipient.Length - 1;
        var address = isBracketed ? recipient[1..^1] : recipient[(recipient.LastIndexOf((byte)'<') + 1)..].TrimEnd("> "u8);
        if (address.StartsWith("@"u8))
            address = address[(address.LastIndexOf((byte)':') + 1)..];
        return address.LastIndexOf((byte)'@') > 0 ? address : default;
    }

    /// <summary>The domain of an address without brackets; empty for none.</summary>
    public static ReadOnlySpan<byte> DomainOf(ReadOnlySpan<byte> address) =>
        address.LastIndexOf((byte)'@') is >= 0 and var at ? address[(at + 1)..] : default;

    /// <summary>What stands before an address's domain.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> address) =>
        address[..Math.Max(0, address.LastIndexOf((byte)'@'))].Trim((byte)'"');

    /// <summary>Where a name stands in a text; -1 for nowhere.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name.</param>
    /// <param name="length">How much of the text it takes.</param>
    /// <param name="asWord">Whether only where it is no part of a word.</param>
    public static int Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out int length, bool asWord = false)
    {
        length = 0;
        // Replies have it without its quotes.
        var bare = name.TrimStart("\"\\"u8);
        if (bare.IsEmpty)
            return -1;
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(Lower(bare[0]), Upper(bare[0]), (byte)'%');
            if (next < 0)
                return -1;
            at += next;
            length = LengthAt(text[at..], bare);
            if (length == 0 || (asWord && ((at > 0 && IsOfWord(text[at - 1])) || EndsInWord(text[at..], length))))
                continue;
            var hasQuote = bare.Length < name.Length && at > 0 && text[at - 1] == '"';
            length += hasQuote ? 1 : 0;
            return hasQuote ? at - 1 : at;
        }

        return -1;
    }

    /// <summary>Cuts a name out of a text.</summary>
    /// <param name="text">The text; it may be in the room.</param>
    /// <param name="name">The name.</param>
    /// <param name="room">Where what is left is written.</param>
    /// <param name="asWord">Whether only where it is no part of a word.</param>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, Span<byte> room, bool asWord = false)
    {
        var (length, from) = (0, 0);
        while (Find(text[from..], name, out var taken, asWord) is >= 0 and var next)
        {
            text.Slice(from, next).CopyTo(room[length..]);
            length += next;
            from += next + taken;
        }

        text[from..].CopyTo(room[length..]);
        return room[..(length + text.Length - from)];
    }

    /// <summary>Cuts an address, and its domain where it stands by itself.</summary>
    /// <inheritdoc cref="Cut"/>
    public static ReadOnlySpan<byte> CutAddress(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address, Span<byte> room) =>
        Cut(Cut(text, address, room), DomainOf(address), room, asWord: true);

    /// <summary>Cuts what stands before an address's domain.</summary>
    /// <inheritdoc cref="Cut"/>
    public static ReadOnlySpan<byte> CutName(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address, Span<byte> room) =>
        Cut(text, NameOf(address), room, asWord: true);

    /// <summary>Cuts the words of which that consists, <c>w0</c> and <c>policy</c> of <c>w0+policy</c>.</summary>
    /// <inheritdoc cref="Cut"/>
    public static ReadOnlySpan<byte> CutNameParts(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address, Span<byte> room)
    {
        for (var name = NameOf(address); !name.IsEmpty;)
        {
            var length = 0;
            while (length < name.Length && IsOfWord(name[length]))
                length++;
            if (length > 0)
                text = Cut(text, name[..length], room, asWord: true);
            name = name[Math.Min(name.Length, length + 1)..];
        }

        return text;
    }

    /// <summary>How much of a text the name takes that it begins with; 0 where it begins with another.</summary>
    private static int LengthAt(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = 0;
        foreach (var letter in name)
        {
            var taken = LettersOf(text[at..], letter);
            if (taken == 0 && letter is not ((byte)'"' or (byte)'\\'))
                return 0;
            at += taken;
        }

        return at;
    }

    /// <summary>How many bytes stand for a letter: itself, what it is in a link, or what a site writes for an at sign.</summary>
    private static int LettersOf(ReadOnlySpan<byte> text, byte letter)
    {
        if (text.IsEmpty)
            return 0;
        if (text[0] == '%' && text.Length > 2 && ((DigitOf(text[1]) << 4) | DigitOf(text[2])) == letter)
            return 3;
        if (Lower(text[0]) == Lower(letter))
            return 1;
        return letter switch
        {
            (byte)'@' when text[0] == '=' => 1,
            (byte)'@' when text.Length > 3 && text[0] == ' ' && text[3] == ' ' && Lower(text[1]) == 'a' && Lower(text[2]) == 't' => 4,
            (byte)' ' when text[0] == '+' => 1,
            // Postfix's for what cannot be printed, at the end of its lines.
            (byte)'?' when text[0] == ' ' => 1,
            _ => 0,
        };
    }

    private static int DigitOf(byte letter) => Lower(letter) switch
    {
        >= (byte)'0' and <= (byte)'9' and var digit => digit - '0',
        >= (byte)'a' and <= (byte)'f' and var digit => digit - 'a' + 10,
        _ => -1,
    };

    private static bool EndsInWord(ReadOnlySpan<byte> text, int length) => length < text.Length && IsOfWord(text[length]);

    private static bool IsOfWord(byte letter) => letter >= 0x80 || char.IsAsciiLetterOrDigit((char)letter);

    private static byte Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;

    private static byte Upper(byte letter) => letter is >= (byte)'a' and <= (byte)'z' ? (byte)(letter & ~0x20) : letter;
}
