namespace BlockSmtp.Exim;

/// <summary>Names that the words of a refusal repeat, in whatever case: what the words say is told without them.</summary>
internal static class RepeatedName
{
    /// <summary>Of longer words nothing is cut.</summary>
    public const int LongestCut = 1024;

    /// <summary>The address in a recipient as it was typed, without brackets, a phrase and a route; empty for none.</summary>
    public static ReadOnlySpan<byte> AddressIn(ReadOnlySpan<byte> recipient)
    {
        var address = recipient[(recipient.LastIndexOf((byte)'<') + 1)..].TrimEnd("> "u8);
        if (address.StartsWith("@"u8))
            address = address[(address.LastIndexOf((byte)':') + 1)..];
        return address.LastIndexOf((byte)'@') > 0 ? address : default;
    }

    /// <summary>Where a name stands in a text, in whatever case; -1 for nowhere.</summary>
    public static int IndexIn(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        for (var at = 0; name.Length > 0 && at <= text.Length - name.Length; at++)
        {
            var next = text[at..].IndexOfAny(Lower(name[0]), Upper(name[0]));
            if (next < 0 || (at += next) > text.Length - name.Length)
                return -1;
            if (IsSame(text.Slice(at, name.Length), name))
                return at;
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
        while (IndexIn(text[from..], name) is >= 0 and var next)
        {
            var (at, end) = (from + next, from + next + name.Length);
            var isPart = asWord && ((at > 0 && IsOfWord(text[at - 1])) || (end < text.Length && IsOfWord(text[end])));
            var kept = isPart ? end : at;
            text[from..kept].CopyTo(room[length..]);
            length += kept - from;
            from = end;
        }

        text[from..].CopyTo(room[length..]);
        return room[..(length + text.Length - from)];
    }

    /// <summary>Cuts an address, and its domain where it stands by itself.</summary>
    /// <inheritdoc cref="Cut"/>
    public static ReadOnlySpan<byte> CutAddress(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address, Span<byte> room) =>
        Cut(Cut(text, address, room), address[(address.LastIndexOf((byte)'@') + 1)..], room, asWord: true);

    /// <summary>Cuts what stands before an address's domain.</summary>
    /// <inheritdoc cref="Cut"/>
    public static ReadOnlySpan<byte> CutName(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address, Span<byte> room) =>
        Cut(text, address[..Math.Max(0, address.LastIndexOf((byte)'@'))].Trim((byte)'"'), room, asWord: true);

    private static bool IsSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        for (var at = 0; at < one.Length; at++)
        {
            if (Lower(one[at]) != Lower(other[at]))
                return false;
        }

        return true;
    }

    private static bool IsOfWord(byte letter) => letter >= 0x80 || char.IsAsciiLetterOrDigit((char)letter);

    private static byte Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;

    private static byte Upper(byte letter) => letter is >= (byte)'a' and <= (byte)'z' ? (byte)(letter & ~0x20) : letter;
}
