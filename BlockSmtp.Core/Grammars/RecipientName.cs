using System.Buffers.Binary;
using System.Text;

namespace BlockSmtp.Grammars;

/// <summary>A recipient's name as numbers, so that policies can tell names apart without a string for each.</summary>
internal static class RecipientName
{
    private const int LongestRead = 256;

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 0x8000_0001_0000_0001;
    private static readonly ulong Factor = (ulong)Random.Shared.NextInt64() | 0x8000_0001_0000_0001;

    /// <summary>Of a recipient as the log has it: <c>&lt;Anna@example.org&gt;</c>, <c>anna</c>. Without case, brackets, domain and what follows a plus sign.</summary>
    /// <param name="recipient">The recipient; empty for none.</param>
    /// <returns>The name's key (0 for no name) and what orders it (<see cref="Offense.RecipientKey"/>, <see cref="Offense.RecipientOrder"/>).</returns>
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
        if (recipient.IsEmpty)
            return default;
        Span<byte> name = stackalloc byte[Math.Min(recipient.Length, LongestRead) + sizeof(ulong)];
        name.Clear();
        // Of a name this long the log has only the beginning and the end.
        var shown = recipient[..Math.Min(recipient.Length, LongestRead)];
        if (Ascii.ToLower(shown, name, out var length) != System.Buffers.OperationStatus.Done)
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
