using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BlockSmtp.Syslog;

/// <summary>
/// Tells a line of Exim's main log (<c>2026-11-27 04:45:44 H=…</c>), which names no host and no program, from one that syslog has written
/// with the same stamp. What follows the stamp is Exim's: a client's text never stands there.
/// </summary>
internal static class MainlogLine
{
    private const int IdAt = 20;
    private const int OldIdLength = 16;
    private const int NewIdLength = 23;

    // With an id of the old form and what may follow it.
    private const int ShortestMessage = IdAt + OldIdLength + sizeof(uint);

    // The first and the seventh of eight characters.
    private const ulong EndsOfWord = 0xFF | (0xFFul << 48);

    // Each of the characters of an arrow, counted from the asterisk.
    private const uint OfArrow = 1 | (1u << ('-' - '*')) | (1u << ('<' - '*')) | (1u << ('=' - '*')) | (1u << ('>' - '*'));

    /// <summary>Whether a line is one of the main log, and one that may tell of a client.</summary>
    /// <param name="text">What follows the stamp and a space.</param>
    public static bool IsOne(ReadOnlySpan<byte> text)
    {
        text = WithoutProcess(text);
        return text.StartsWith("H="u8) || text.StartsWith(" DSH="u8) || IdLength(text) > 0 || HostAt(text) > 0 ||
            IsOverflow(text) || text.StartsWith("VRFY failed for "u8) || text.StartsWith("unqualified "u8) ||
            text.StartsWith("SMTP "u8) || text.StartsWith("rejected "u8) || text.StartsWith("exim "u8);
    }

    /// <summary>
    /// Whether a whole line, without a process and fractions of a second, is for certain one of a message that is taken or delivered, where
    /// nobody wants to know that, or done with; or one of a connection that tells of no recipient.
    /// </summary>
    public static bool TellsNoRefusal(ReadOnlySpan<byte> line, bool wantsDeliveries)
    {
        if (line.Length < ShortestMessage)
            return false;
        ref var first = ref MemoryMarshal.GetReference(line);
        // 2026-11-27 04:45:44 1qkPsV-: what divides the parts of the stamp and the first two of an id.
        if ((EightBytes.At(ref first, 4) & EndsOfWord) != ('-' | ((ulong)' ' << 48))
            || (EightBytes.At(ref first, 13) & EndsOfWord) != (':' | ((ulong)' ' << 48)))
            return false;
        if (Unsafe.Add(ref first, IdAt + 6) != '-')
            return IsOfConnection(line[IdAt..]);
        if (line.Length is IdAt + OldIdLength + 10 or IdAt + NewIdLength + 10 && line.EndsWith(" Completed"u8))
            return true;
        return !wantsDeliveries && IdLength(line[IdAt..]) > 0;
    }

    private static bool IsOfConnection(ReadOnlySpan<byte> text) =>
        text.StartsWith("no host name found for IP address "u8)
            || text.StartsWith("unexpected disconnection while reading SMTP command from "u8);

    /// <summary>
    /// Whether this stands in the place of a line that was too long for Exim's buffer of 8,192 bytes (log.c), without a message's id.
    /// </summary>
    /// <param name="text">The line, without a process.</param>
    public static bool IsOverflow(ReadOnlySpan<byte> text) => text.StartsWith("**** log string overflowed log buffer ****"u8);

    /// <summary>Leaves out <c>[14758] </c> (<c>log_selector = +pid</c>).</summary>
    public static ReadOnlySpan<byte> WithoutProcess(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '[')
            return text;
        var end = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') + 1;
        return end > 1 && text[end..].StartsWith("] "u8) ? text[(end + 2)..] : text;
    }

    /// <summary>
    /// How long the message id is that a text begins with, before <c> &lt;= </c> or what tells of a delivery; 0 for none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IdLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < OldIdLength + sizeof(uint) || text[6] != '-')
            return 0;
        // 4.97 made them longer: 1qkPsV-0000000AbCd-0123.
        var length = text[13] == '-' ? OldIdLength : text[18] == '-' ? NewIdLength : text.Length;
        return length <= text.Length - sizeof(uint) && IsArrow(BinaryPrimitives.ReadUInt32LittleEndian(text[length..])) ? length : 0;
    }

    /// <summary>
    /// Where a client stands behind the id of the message that it has sent, in what Exim says after DATA; 0 where none does.
    /// </summary>
    public static int HostAt(ReadOnlySpan<byte> text)
    {
        if (text.Length < NewIdLength + 1 || text[6] != '-')
            return 0;
        var length = text[13] == '-' ? OldIdLength : NewIdLength;
        return text[length..].StartsWith(" H="u8) ? length + 1 : 0;
    }

    /// <summary>Whether four characters, the first one in the lowest byte, are <c> &lt;= </c> or the like.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsArrow(uint characters) =>
        (characters & 0xFF0000FF) == (' ' | ((uint)' ' << 24)) && IsOfArrow((byte)(characters >> 8)) && IsOfArrow((byte)(characters >> 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOfArrow(byte character) => character - '*' is var at && at is >= 0 and <= '>' - '*' && ((OfArrow >> at) & 1) != 0;
}
