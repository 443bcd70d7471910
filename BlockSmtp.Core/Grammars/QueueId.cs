using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace BlockSmtp.Grammars;

/// <summary>
/// A queue id: sendmail's name for one transaction, such as <c>6ANHntrU020703</c>. Held inline, so that a table of them
/// needs no strings.
/// </summary>
internal readonly struct QueueId : IEquatable<QueueId>
{
    // YMDhmsNN and the process id, of six digits or more; sendmail 8.11 and older had five.
    private const int Shortest = 8;
    private const int Longest = 16;
    private const int UsualLength = 14;
    private const int FewestPidDigits = 5;
    private const int DateLength = 6;

    private readonly ulong _head;
    private readonly ulong _tail;

    private QueueId(ulong head, ulong tail)
    {
        _head = head;
        _tail = tail;
    }

    /// <summary>
    /// How long the queue id is that <paramref name="text"/> begins with and that a colon and a space follow; 0 for none. Looks at
    /// its form only as far as it must, for most lines turn out not to matter: <see cref="TryParse"/> looks closely.
    /// </summary>
    /// <param name="text">What follows <c>sm-mta[PID]: </c>.</param>
    public static int LengthIn(ReadOnlySpan<byte> text)
    {
        // 14 is the length since sendmail 8.12, unless the process id has more than six digits.
        if (text.Length > UsualLength + 1 && text[UsualLength] == ':' && text[UsualLength + 1] == ' ')
            return UsualLength;
        var length = text[..Math.Min(text.Length, Longest + 1)].IndexOf((byte)':');
        return length >= Shortest && length + 1 < text.Length && text[length + 1] == ' ' ? length : 0;
    }

    /// <summary>Reads a queue id.</summary>
    /// <param name="text">The text; nothing may follow.</param>
    /// <param name="id">The queue id.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out QueueId id)
    {
        id = default;
        if (text.Length is < Shortest or > Longest)
            return false;
        Span<byte> packed = stackalloc byte[Longest];
        packed.Clear();
        text.CopyTo(packed);
        return TryPack(Vector128.Create<byte>(packed), text.Length, out id);
    }

    /// <summary>Reads the queue id that a line begins with, whose length <see cref="LengthIn"/> has told.</summary>
    /// <param name="line">The line.</param>
    /// <param name="length">The length of the queue id.</param>
    /// <param name="id">The queue id.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, int length, out QueueId id)
    {
        if (length is < Shortest or > Longest || line.Length < Longest)
            return TryParse(line[..length], out id);
        // What follows it is left out by a mask.
        return TryPack(
            Vector128.Create(line[..Longest]) & Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length)),
            length,
            out id);
    }

    /// <summary>
    /// A queue id of another mail server, of whatever form: Postfix's <c>5A616141</c>, Exim's <c>1xWnqC-0003cP-0V</c>. The end of a very
    /// long one is mixed.
    /// </summary>
    public static QueueId Of(ReadOnlySpan<byte> text)
    {
        Span<byte> packed = stackalloc byte[Longest];
        packed.Clear();
        text[..Math.Min(text.Length, Longest)].CopyTo(packed);
        var tail = MemoryMarshal.Read<ulong>(packed[sizeof(ulong)..]);
        foreach (var letter in text[Math.Min(text.Length, Longest)..])
            tail = (tail ^ letter) * 0x9E3779B97F4A7C15;
        return new QueueId(MemoryMarshal.Read<ulong>(packed), tail);
    }

    /// <summary>Takes the characters of a queue id, and zeros behind them.</summary>
    private static bool TryPack(Vector128<byte> characters, int length, out QueueId id)
    {
        // All characters at once: each line that matters comes by here.
        var digits = Vector128.LessThan(characters - Vector128.Create((byte)'0'), Vector128.Create((byte)10));
        var letters = Vector128.LessThan(
            (characters | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
        var all = (1u << length) - 1;
        var pid = all & ~(all >> FewestPidDigits);
        id = new QueueId(characters.AsUInt64()[0], characters.AsUInt64()[1]);
        if ((digits | letters).ExtractMostSignificantBits() == all && (digits.ExtractMostSignificantBits() & pid) == pid)
            return true;
        id = default;
        return false;
    }

    /// <summary>
    /// When the id was made, UTC, to the second: its first six characters are year modulo 60, month, day, hour, minute
    /// and second in base 60 (sendmail/queue.c assign_queueid; gmtime, seen with a TimeZoneSpec set).
    /// </summary>
    /// <param name="now">Picks the 60 years meant: those around it.</param>
    /// <param name="made">The time.</param>
    public bool TryGetTime(DateTimeOffset now, out DateTimeOffset made)
    {
        made = default;
        Span<int> part = stackalloc int[DateLength];
        for (var i = 0; i < DateLength; i++)
        {
            part[i] = Base60((byte)(_head >> (8 * i)));
            if (part[i] < 0)
                return false;
        }

        // struct tm counts years from 1900 and months from 0.
        var year = 1900 + part[0];
        year += (int)Math.Round((now.Year - year) / 60.0) * 60;
        if (part[1] > 11 || part[2] < 1 || part[2] > DateTime.DaysInMonth(year, part[1] + 1) || part[3] > 23)
            return false;
        made = new DateTimeOffset(year, part[1] + 1, part[2], part[3], part[4], 0, TimeSpan.Zero).AddSeconds(part[5]);
        return true;
    }

    public bool Equals(QueueId other) => _head == other._head && _tail == other._tail;

    public override bool Equals(object? obj) => obj is QueueId other && Equals(other);

    /// <summary>
    /// A number that is alike for ids that were made one after the other: their last digits differ, which are those of a
    /// process (sendmail) or of a time.
    /// </summary>
    public uint Sequence
    {
        get
        {
            var end = _tail == 0 ? _head : _tail;
            end <<= BitOperations.LeadingZeroCount(end) & ~7;
            // Five digits, the lowest byte of which is worth most: first each by itself, then two and two.
            var digits = (end >> 24) & 0x0F_0F_0F_0F_0F;
            var pairs = (digits * 10) + (digits >> 8);
            return (((((uint)pairs & 0xFF) * 100) + ((uint)(pairs >> 16) & 0xFF)) * 10) + (uint)(digits >> 32);
        }
    }

    /// <summary>
    /// Another number for each of some dozens that one process of sendmail has made in a second: it counts in the seventh and
    /// eighth characters. Less than 32.
    /// </summary>
    public uint Turn => (uint)(_head >> 56) & 31;

    /// <summary>All of it in one number.</summary>
    // A client cannot choose its queue id, so a plain multiplicative mix is enough.
    public ulong Mixed => (_head ^ (_tail * 0x9E3779B97F4A7C15)) * 0xD6E8FEB86659FD93;

    public override int GetHashCode() => (int)(Mixed >> 32);

    public override string ToString()
    {
        Span<byte> packed = stackalloc byte[Longest];
        MemoryMarshal.Write(packed, _head);
        MemoryMarshal.Write(packed[8..], _tail);
        return Encoding.ASCII.GetString(packed.TrimEnd((byte)0));
    }

    private static int Base60(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'Z' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'x' => digit - 'a' + 36,
        _ => -1,
    };
}
