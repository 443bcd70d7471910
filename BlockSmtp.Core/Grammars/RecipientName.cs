using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BlockSmtp.Grammars;

/// <summary>A recipient's name as numbers, so that policies can tell names apart without a string for each.</summary>
internal static class RecipientName
{
    private const int LongestRead = 256;

    // sendmail logs up to 203 characters of a recipient: the first 100, three dots, the last 100.
    private const int LongestTried = 199;

    // Not what means something in an address beside itself: % and ! are routes, and so on (RFC 5322 3.4, RFC 821 Appendix A).
    private static readonly byte[] NameBytes =
        [
            .. "+-._=~'#$&*?^`{|}0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8,
            .. Enumerable.Range(0x80, 0x80).Select(value => (byte)value),
        ];

    private static readonly SearchValues<byte> OfName = SearchValues.Create(NameBytes);

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 0x8000_0001_0000_0001;
    private static readonly ulong Factor = (ulong)Random.Shared.NextInt64() | 0x8000_0001_0000_0001;

    /// <summary>
    /// Of a name that was refused, as the client wrote it. What it wrote is told apart as it stands unless it is a plain address, for in a
    /// comment, a route, a quoted part or a list the client has room for what always reads the same or never does; and of so long a text
    /// that a log shortens it, nothing is known but that it is another one.
    /// </summary>
    /// <param name="recipient">The recipient; empty for none.</param>
    /// <returns>The name's key (0 for no name) and what orders it (<see cref="Offense.RecipientKey"/>,
    /// <see cref="Offense.RecipientOrder"/>).</returns>
    public static (ulong Key, ulong Order) OfTried(ReadOnlySpan<byte> recipient)
    {
        if (recipient.IsEmpty || recipient.Length > LongestTried)
            return default;
        return IsPlain(recipient) ? OfAddress(recipient) : Numbers(recipient);
    }

    /// <inheritdoc cref="OfTried(ReadOnlySpan{byte})"/>
    public static (ulong Key, ulong Order) OfTried(string? recipient) =>
        recipient is null ? default : OfTried(Encoding.UTF8.GetBytes(recipient));

    /// <summary>
    /// Of a recipient that was delivered to: <c>&lt;Anna@example.org&gt;</c>, <c>anna</c>. Without case, brackets,
    /// domain and what follows a plus sign.
    /// </summary>
    /// <param name="recipient">The recipient; empty for none.</param>
    /// <returns>The name's key (0 for no name) and what orders it.</returns>
    public static (ulong Key, ulong Order) Of(ReadOnlySpan<byte> recipient)
    {
        recipient = recipient.TrimStart((byte)'<').TrimEnd((byte)'>');
        var at = recipient.LastIndexOf((byte)'@');
        if (at >= 0)
            recipient = recipient[..at];
        // anna+lists is anna: else one user that is known would do for as many as one likes.
        var plus = recipient.IndexOf((byte)'+');
        if (plus > 0)
            recipient = recipient[..plus];
        return recipient.IsEmpty ? default : Numbers(recipient);
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
    /// for all that is no plain address.
    /// </summary>
    public static ulong KeyOfAccepted(ReadOnlySpan<byte> recipient) => IsPlain(recipient) ? Of(recipient).Key : 0;

    /// <summary>
    /// Whether it is an address of one user and nothing else, of which the domain and what follows a plus sign can be told.
    /// </summary>
    private static bool IsPlain(ReadOnlySpan<byte> recipient)
    {
        if (recipient is [(byte)'<', .., (byte)'>'])
            recipient = recipient[1..^1];
        var at = recipient.IndexOf((byte)'@');
        var name = at < 0 ? recipient : recipient[..at];
        return !name.IsEmpty && !name.ContainsAnyExcept(OfName) && !recipient[(at + 1)..].ContainsAnyExcept(OfName);
    }

    private static (ulong Key, ulong Order) Numbers(ReadOnlySpan<byte> recipient)
    {
        Span<byte> name = stackalloc byte[Math.Min(recipient.Length, LongestRead) + sizeof(ulong)];
        name.Clear();
        // Of a name this long the log has only the beginning and the end.
        var shown = recipient[..Math.Min(recipient.Length, LongestRead)];
        if (Ascii.ToLower(shown, name, out var length) != OperationStatus.Done)
            shown.CopyTo(name);
        length = shown.Length;
        var mixed = Seed ^ (ulong)recipient.Length;
        for (var i = 0; i < length; i += sizeof(ulong))
            mixed = Fold(mixed ^ BinaryPrimitives.ReadUInt64LittleEndian(name[i..]), Factor);
        return (mixed == 0 ? 1 : mixed, BinaryPrimitives.ReadUInt64BigEndian(name));
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public static (ulong Key, ulong Order) Of(string? recipient) => recipient is null ? default : Of(Encoding.UTF8.GetBytes(recipient));

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
