using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace BlockSmtp.Grammars;

/// <summary>A recipient's name as numbers, so that policies can tell names apart without a string for each.</summary>
internal static class RecipientName
{
    /// <summary>So much of a name is shown, and stored.</summary>
    public const int LongestShown = 100;

    private const int LongestRead = 256;

    // sendmail logs up to 203 characters of a recipient: the first 100, three dots, the last 100.
    private const int LongestTried = 199;

    // What may have something in an address mean nothing; in quotes sendmail looks at it where there is a domain in them.
    private static readonly SearchValues<byte> Syntax = SearchValues.Create("<>()\",:;\\ \t"u8);
    private static readonly SearchValues<byte> Quoted = SearchValues.Create("<>()\",:;\\@%!"u8);

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 0x8000_0001_0000_0001;
    private static readonly ulong Factor = (ulong)Random.Shared.NextInt64() | 0x8000_0001_0000_0001;

    /// <summary>
    /// Of a name that was refused, as the client wrote it. Nothing but an address, perhaps with its local part in quotes, is known for the
    /// same when it comes again: sendmail logs a refused name without the eighth bit of its characters, so that of many brackets,
    /// comments or lists in one text other ones may have been true each time. And of so long a text that a log shortens it, nothing is
    /// known but that it is another one.
    /// </summary>
    /// <param name="recipient">The recipient; empty for none.</param>
    /// <returns>The name's key (0 for no name) and what orders it (<see cref="Offense.RecipientKey"/>,
    /// <see cref="Offense.RecipientOrder"/>).</returns>
    public static (ulong Key, ulong Order) OfTried(scoped ReadOnlySpan<byte> recipient)
    {
        if (recipient.IsEmpty || recipient.Length > LongestTried)
            return default;
        // The gate is asked with the eighth bit.
        if (recipient.ContainsAnyInRange((byte)0x80, (byte)0xFF))
            recipient = WithoutEighthBit(recipient, stackalloc byte[LongestTried]);
        return IsPlain(recipient, out _) ? OfAddress(recipient) : IsOneAddress(recipient) ? Numbers(recipient) : default;
    }

    /// <summary>
    /// Whether a text is one address at most, whatever in it were letters: there is one sign at most beside the brackets around it that
    /// could end or begin something that is left out, as a letter in UTF-8 may look (<c>mC&lt;ller</c>), or all of its local part is in
    /// quotes with nothing in them that sendmail would look at.
    /// </summary>
    private static bool IsOneAddress(ReadOnlySpan<byte> recipient)
    {
        if (recipient is [(byte)'<', .., (byte)'>'])
            recipient = recipient[1..^1];
        if (recipient is [(byte)'"', ..] && recipient.LastIndexOf((byte)'"') is > 0 and var end)
            return !recipient[1..end].ContainsAny(Quoted) && IsDomain(recipient[(end + 1)..]);
        var sign = recipient.IndexOfAny(Syntax);
        return sign < 0 || !recipient[(sign + 1)..].ContainsAny(Syntax);
    }

    private static bool IsDomain(ReadOnlySpan<byte> text) =>
        text.IsEmpty || (text[0] == '@' && !text[1..].ContainsAny(Syntax));

    private static ReadOnlySpan<byte> WithoutEighthBit(ReadOnlySpan<byte> text, Span<byte> room)
    {
        for (var i = 0; i < text.Length; i++)
            room[i] = (byte)(text[i] & 0x7F);
        return room[..text.Length];
    }

    /// <summary>The same of a text as it is shown and stored, of which the end may be left out.</summary>
    /// <inheritdoc cref="OfTried(ReadOnlySpan{byte})"/>
    public static (ulong Key, ulong Order) OfTried(string? recipient) =>
        recipient is null || recipient.Length >= LongestShown ? default : OfTried(Encoding.UTF8.GetBytes(recipient));

    /// <summary>
    /// Of a recipient that was delivered to: <c>&lt;Anna@example.org&gt;</c>, <c>anna</c>. Without case, brackets,
    /// domain and what follows a plus sign.
    /// </summary>
    /// <param name="recipient">The recipient; empty for none.</param>
    /// <returns>The name's key (0 for no name) and what orders it.</returns>
    public static (ulong Key, ulong Order) Of(ReadOnlySpan<byte> recipient)
    {
        var name = NameIn(recipient);
        return name.IsEmpty ? default : Numbers(name);
    }

    private static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> recipient)
    {
        recipient = recipient.TrimStart((byte)'<').TrimEnd((byte)'>');
        var at = recipient.LastIndexOf((byte)'@');
        if (at >= 0)
            recipient = recipient[..at];
        // anna+lists is anna: else one user that is known would do for as many as one likes.
        return Before((byte)'+', recipient);
    }

    /// <summary>Whether a name that was tried is a user's, in whatever domain.</summary>
    /// <param name="tried">The key of the name that was tried.</param>
    /// <param name="users">The lower halves of the users' keys (<see cref="Of(ReadOnlySpan{byte})"/>).</param>
    public static bool IsOneOf(ulong tried, HashSet<uint> users) => users.Contains((uint)tried);

    /// <summary>
    /// Of an address with its domain: a mail server may have very many of these, each with users of its own. The lower half of the
    /// key is that of the user alone.
    /// </summary>
    private static (ulong Key, ulong Order) OfAddress(ReadOnlySpan<byte> recipient)
    {
        var (key, order) = Of(recipient);
        var domain = recipient.TrimEnd((byte)'>');
        var at = domain.LastIndexOf((byte)'@');
        return at < 0 || key == 0
            ? (key, order)
            : ((Fold(key ^ Numbers(domain[at..]).Key, Factor) & ~(ulong)uint.MaxValue) | (uint)key, order);
    }

    /// <summary>
    /// Of a recipient that was accepted or delivered to, as the client wrote it: the same for every way to write one user, or 0
    /// for all that is no plain address. Sites choose what an extension begins with; a hyphen is the other usual one, and anna-maria that
    /// earns as anna does is one recipient too few.
    /// </summary>
    public static ulong KeyOfAccepted(ReadOnlySpan<byte> recipient)
    {
        if (!IsPlain(recipient, out var name))
            return 0;
        return KeyOf(Before((byte)'-', Before((byte)'+', name)));
    }

    /// <summary>Whether a text is a bare address with its domain, and nothing in it means something beside itself.</summary>
    public static bool IsAddress(ReadOnlySpan<byte> text) => IsPlain(text, out var name) && text.Length > name.Length && text[0] != '<';

    /// <summary>What stands before a sign; with which a name begins, that is a part of it.</summary>
    private static ReadOnlySpan<byte> Before(byte sign, ReadOnlySpan<byte> name)
    {
        var at = name.IndexOf(sign);
        return at > 0 ? name[..at] : name;
    }

    /// <summary>
    /// Whether it is an address of one user and nothing else, of which the domain and what follows a plus sign can be told.
    /// </summary>
    /// <param name="recipient">What the client has written.</param>
    /// <param name="name">What stands before the domain.</param>
    private static bool IsPlain(ReadOnlySpan<byte> recipient, out ReadOnlySpan<byte> name)
    {
        if (recipient is [(byte)'<', .., (byte)'>'])
            recipient = recipient[1..^1];
        var at = EndOfName(recipient, 0);
        name = recipient[..at];
        return at > 0 && (at == recipient.Length || (recipient[at] == '@' && EndOfName(recipient, at + 1) == recipient.Length));
    }

    private static int EndOfName(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsOfName(text[at]))
            at++;
        return at;
    }

    // Not what means something in an address beside itself: % and ! are routes, and so on (RFC 5322 3.4, RFC 821 Appendix A). A bit for
    // each character; a search for any of so many takes longer than a name does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOfName(byte letter) =>
        letter >= 0x80 || (((letter < 64 ? 0xA3FF_6CD8_0000_0000 : 0x7FFF_FFFF_C7FF_FFFE) >> letter) & 1) != 0;

    private static (ulong Key, ulong Order) Numbers(ReadOnlySpan<byte> recipient) =>
        (KeyOf(recipient), BinaryPrimitives.ReverseEndianness(EightLower(recipient)));

    private static ulong KeyOf(ReadOnlySpan<byte> recipient)
    {
        // Of a name this long the log has only the beginning and the end.
        var shown = recipient[..Math.Min(recipient.Length, LongestRead)];
        var mixed = Seed ^ (ulong)recipient.Length;
        for (var i = 0; i < shown.Length; i += sizeof(ulong))
            mixed = Fold(mixed ^ EightLower(shown[i..]), Factor);
        return mixed == 0 ? 1 : mixed;
    }

    // The first eight characters, the first one in the lowest byte, of fewer with zeros behind them; ASCII's capitals as small letters.
    private static ulong EightLower(ReadOnlySpan<byte> text)
    {
        var eight = 0ul;
        if (text.Length >= sizeof(ulong))
        {
            eight = BinaryPrimitives.ReadUInt64LittleEndian(text);
        }
        else if (text.Length >= sizeof(uint))
        {
            // The two halves may overlap.
            var behind = text.Length - sizeof(uint);
            eight = BinaryPrimitives.ReadUInt32LittleEndian(text)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[behind..]) << (8 * behind));
        }
        else
        {
            for (var i = 0; i < text.Length; i++)
                eight |= (ulong)text[i] << (8 * i);
        }

        // The highest bit of each byte that is a capital: A and all that follows it reach that bit by one sum, Z's followers by the other.
        var low = eight & 0x7F7F7F7F_7F7F7F7F;
        var capitals = (low + 0x3F3F3F3F_3F3F3F3F) & ~(low + 0x25252525_25252525) & ~eight & 0x80808080_80808080;
        return eight | (capitals >> 2);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public static (ulong Key, ulong Order) Of(string? recipient) => recipient is null ? default : Of(Encoding.UTF8.GetBytes(recipient));

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
