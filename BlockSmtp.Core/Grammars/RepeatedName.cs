using System.Buffers;

namespace BlockSmtp.Grammars;

/// <summary>
/// Names that the words of a refusal repeat, in whatever case and as a link or a sentence has them: what the words say is told without
/// them.
/// </summary>
internal static class RepeatedName
{
    /// <summary>Of longer words nothing is cut.</summary>
    public const int LongestCut = 2048;

    // More than any name needs that was not made for it.
    private const int MostSteps = 2048;

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

    /// <summary>What stands before an address's domain; all of one without a domain.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> address) =>
        (address.LastIndexOf((byte)'@') is >= 0 and var at ? address[..at] : address).Trim((byte)'"');

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
        var steps = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(Lower(bare[0]), Upper(bare[0]), (byte)'%');
            if (next < 0)
                return -1;
            at += next;
            length = asWord && at > 0 && IsOfWord(text[at - 1]) ? 0 : LengthAt(text[at..], bare, ref steps);
            // A name of one letter many times begins everywhere.
            if (steps > MostSteps && (at = IndexOfPlain(text, at, bare, out length, asWord)) < 0)
                return -1;
            if (length == 0 || (asWord && EndsInWord(text[at..], length)))
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
    private static int LengthAt(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, ref int steps)
    {
        var at = 0;
        // Names are long that are to cost much.
        var hasSign = name.Contains((byte)'%');
        for (var next = 0; next < name.Length; next++)
        {
            var same = hasSign ? 0 : text[at..].CommonPrefixLength(name[next..]);
            at += same;
            next += same;
            if (next == name.Length)
                break;
            steps++;
            var taken = LettersOf(text[at..], name[next]);
            if (taken == 0 && name[next] is not ((byte)'"' or (byte)'\\'))
                return 0;
            at += taken;
        }

        return at;
    }

    /// <summary>Where a name stands, at a place or behind it, told by what text and name are without the ways to write them.</summary>
    private static int IndexOfPlain(ReadOnlySpan<byte> text, int from, ReadOnlySpan<byte> name, out int length, bool asWord)
    {
        length = 0;
        var room = ArrayPool<byte>.Shared.Rent(text.Length + name.Length);
        var places = ArrayPool<int>.Shared.Rent(text.Length + name.Length + 1);
        try
        {
            var sought = Plain(name, room, places);
            var plain = Plain(text[from..], room.AsSpan(sought.Length), places);
            for (var at = 0; !sought.IsEmpty && plain[at..].IndexOf(sought) is >= 0 and var next; at++)
            {
                at += next;
                var start = from + places[at];
                length = from + places[at + sought.Length] - start;
                if (!asWord || !((start > 0 && IsOfWord(text[start - 1])) || EndsInWord(text[start..], length)))
                    return start;
            }

            return -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    /// <summary>A text in one way of writing, and where each of its bytes comes from.</summary>
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> text, Span<byte> room, Span<int> places)
    {
        var length = 0;
        for (var at = 0; at < text.Length;)
        {
            places[length] = at;
            var isCode = text[at] == '%' && at + 2 < text.Length && DigitOf(text[at + 1]) >= 0 && DigitOf(text[at + 2]) >= 0;
            var letter = isCode ? (byte)((DigitOf(text[at + 1]) << 4) | DigitOf(text[at + 2])) : text[at];
            var isAt = LettersOf(text[at..], (byte)'@') == 4;
            at += isCode ? 3 : isAt ? 4 : 1;
            if (isAt || letter == '=')
                letter = (byte)'@';
            else if (letter is (byte)'+' or (byte)'_' or (byte)'?')
                letter = (byte)' ';
            if (letter is not ((byte)'"' or (byte)'\\'))
                room[length++] = Lower(letter);
        }

        places[length] = text.Length;
        return room[..length];
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
            (byte)' ' when text[0] is (byte)'+' or (byte)'_' => 1,
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
