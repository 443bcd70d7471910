using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BlockSmtp.Syslog;

/// <summary>
/// What nearly all lines of a log begin with: a stamp of one form, one host, and the name of the mail server or of another program.
/// Tells by a few loads where such a line has its process and its message, or that it is another program's.
/// <see cref="SyslogLineParser"/>, which reads every form, shows it what is usual.
/// </summary>
/// <param name="tags">The names under which the mail server logs.</param>
internal sealed class LearnedHeader(MailerTags tags)
{
    // A vector has so many bytes; the origin may have twice as many.
    private const int Width = 16;
    private const int LongestOrigin = 2 * Width;

    // "]: " and the first character of the message.
    private const int AfterProcess = sizeof(uint);

    private const int OtherBits = 8;

    // Other programs whose lines do not matter, each where its name has it.
    private readonly Known[] _others = new Known[1 << OtherBits];

    // Where stamps have what divides their parts, of the first vector.
    private Vector128<byte> _stamp;
    private Vector128<byte> _stampMask;

    // " mail1 sm-mta[", and of it that which is of the host.
    private Vector128<byte> _origin;
    private Vector128<byte> _originMask;
    private Vector128<byte> _hostMask;
    private Vector128<byte> _rest;
    private Vector128<byte> _restMask;
    private Vector128<byte> _hostRestMask;

    private int _originAt;
    private int _tagAt;
    private int _processAt;

    // Whether there are lines of Exim's main log, which have none of this.
    private bool _isMainlog;

    // So long that nothing is read behind a line's end.
    private int _shortest = int.MaxValue;

    private struct Known
    {
        public Vector128<byte> Name;
        public LineOwner Owner;

        // What was wanted then.
        public bool WantedDeliveries;
    }

    /// <summary>The number of the usual host.</summary>
    public int Host { get; private set; }

    /// <summary>The usual program of the mail server.</summary>
    public LogProgram Program { get; private set; }

    /// <summary>How long the stamp of a line is that is the mail server's.</summary>
    public int StampLength => _originAt;

    /// <summary>Looks at a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="processId">The process, when the line is the mail server's.</param>
    /// <param name="messageAt">Where its message begins. It has at least one character.</param>
    public LineOwner Look(ReadOnlySpan<byte> line, out int processId, out int messageAt) =>
        IsUsual(line, out processId, out messageAt) ? LineOwner.Mailer : LookAtOther(line);

    /// <summary>Whether a line is one of the mail server that begins as usual, which nearly all are.</summary>
    /// <inheritdoc cref="Look"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsUsual(ReadOnlySpan<byte> line, out int processId, out int messageAt)
    {
        processId = messageAt = 0;
        if (line.Length < _shortest)
            return false;
        ref var first = ref MemoryMarshal.GetReference(line);
        return BeginsAlike(ref first, _originMask, _restMask) && IsProcess(ref first, out processId, out messageAt);
    }

    /// <summary>Looks at a line that <see cref="IsUsual"/> does not know; never <see cref="LineOwner.Mailer"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LineOwner LookAtOther(ReadOnlySpan<byte> line)
    {
        if (line.Length < _shortest)
            return _isMainlog && MainlogLine.TellsNoRefusal(line, tags.WantsDeliveries) ? LineOwner.IdleMailer : LineOwner.Unclear;
        return BeginsAlike(ref MemoryMarshal.GetReference(line), _hostMask, _hostRestMask) ? LookAtTag(line) : LineOwner.Unclear;
    }

    /// <summary>A line of Exim's main log was seen: others may be.</summary>
    public void LearnMainlog() => _isMainlog = true;

    /// <summary>Takes a line of the mail server as the usual one; not one that is too short or has too long names.</summary>
    /// <param name="line">The line.</param>
    /// <param name="host">The number of its host.</param>
    /// <param name="program">Its program.</param>
    /// <param name="hostAt">Where its host begins, right after the stamp and a space.</param>
    /// <param name="tagAt">Where the name of the mail server begins.</param>
    /// <param name="processAt">Where its process begins, right after the bracket.</param>
    public void Learn(ReadOnlySpan<byte> line, int host, LogProgram program, int hostAt, int tagAt, int processAt)
    {
        var originAt = hostAt - 1;
        var length = processAt - originAt;
        var shortest = Math.Max(Math.Max(originAt + LongestOrigin, tagAt + Width), processAt + sizeof(ulong) + AfterProcess);
        if (length > LongestOrigin || originAt > 2 * Width || line.Length < shortest)
            return;
        (Host, Program, _originAt, _tagAt, _processAt, _shortest) = (host, program, originAt, tagAt, processAt, shortest);
        var start = Vector128.Create(line[..Width]);
        _stampMask = Vector128.Equals(start, Vector128.Create((byte)' ')) | Vector128.Equals(start, Vector128.Create((byte)':')) |
            Vector128.Equals(start, Vector128.Create((byte)'-')) | Vector128.Equals(start, Vector128.Create((byte)'T'));
        _stamp = start & _stampMask;
        _origin = Vector128.Create(line.Slice(originAt, Width));
        _rest = Vector128.Create(line.Slice(originAt + Width, Width));
        (_originMask, _restMask) = (First(length), First(length - Width));
        (_hostMask, _hostRestMask) = (First(tagAt - originAt), First(tagAt - originAt - Width));
    }

    /// <summary>Whether a line has the usual stamp, and the usual origin as far as two masks go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool BeginsAlike(ref byte line, Vector128<byte> mask, Vector128<byte> restMask)
    {
        var difference = ((Vector128.LoadUnsafe(ref line) & _stampMask) ^ _stamp) |
            ((Vector128.LoadUnsafe(ref line, (nuint)(uint)_originAt) ^ _origin) & mask) |
            ((Vector128.LoadUnsafe(ref line, (nuint)(uint)_originAt + Width) ^ _rest) & restMask);
        return difference == Vector128<byte>.Zero && !HasSpaceInStamp(ref line);
    }

    /// <summary>A stamp of ISO 8601, which is longer than the other kind, has no space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasSpaceInStamp(ref byte line)
    {
        if (_originAt < Width)
            return false;
        var space = Vector128.Create((byte)' ');
        var spaces = Vector128.Equals(Vector128.LoadUnsafe(ref line), space) |
            Vector128.Equals(Vector128.LoadUnsafe(ref line, (nuint)(uint)_originAt - Width), space);
        return spaces != Vector128<byte>.Zero;
    }

    /// <summary>A mask of so many bytes.</summary>
    private static Vector128<byte> First(int bytes) =>
        Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)Math.Clamp(bytes, 0, Width)));

    /// <summary>Reads <c>123]: m</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsProcess(ref byte line, out int processId, out int messageAt)
    {
        var length = EightDigits.Read(EightBytes.At(ref line, _processAt), out processId);
        messageAt = _processAt + length + 3;
        // "]: " and the first character of the message, with what comes before them.
        var after = EightBytes.At(ref line, _processAt + length - sizeof(uint)) >> 32;
        return length > 0 && (after & 0xFFFFFF) == (']' | (':' << 8) | (' ' << 16)) && after >> 24 != ' ';
    }

    /// <summary>Looks at the name of a program on the usual host.</summary>
    private LineOwner LookAtTag(ReadOnlySpan<byte> line)
    {
        var tag = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(line), (nuint)(uint)_tagAt);
        // A space, a bracket or a point may be of a priority word (PriorityWord).
        var ends = Vector128.Equals(tag, Vector128.Create((byte)'[')) | Vector128.Equals(tag, Vector128.Create((byte)':')) |
            Vector128.Equals(tag, Vector128.Create((byte)' ')) | Vector128.Equals(tag, Vector128.Create((byte)'.')) |
            Vector128.Equals(tag, Vector128.Create((byte)'<'));
        var length = BitOperations.TrailingZeroCount(ends.ExtractMostSignificantBits());
        if (length >= Width)
            return LineOwner.Unclear;
        var after = line[(_tagAt + length)..];
        // "mail:info" is a priority word, too.
        if (after[0] != '[' && !after.StartsWith(": "u8))
            return LineOwner.Unclear;
        var name = tag & First(length);
        // All of Postfix's begin alike.
        var words = name.AsUInt64();
        ref var other = ref _others[((words[0] ^ (words[1] * 0xD6E8FEB86659FD93)) * 0x9E3779B97F4A7C15) >> (64 - OtherBits)];
        if (other.Name == name && other.WantedDeliveries == tags.WantsDeliveries)
            return other.Owner;
        var owner = OwnerOf(line.Slice(_tagAt, length));
        if (owner != LineOwner.Unclear)
            other = new Known { Name = name, Owner = owner, WantedDeliveries = tags.WantsDeliveries };
        return owner;
    }

    private LineOwner OwnerOf(ReadOnlySpan<byte> tag) => tags.Find(tag) switch
    {
        LogProgram.None when !LostLines.MayTell(tag) && !RepeatedLine.MayTell(tag) => LineOwner.Other,
        // "postfix/[2001:db8::25]:25/smtpd[" has another bracket than that of the process.
        LogProgram.PostfixOther when tag[^1] == '/' => LineOwner.Unclear,
        LogProgram.PostfixOther when !tags.WantsDeliveries || !MailerTags.IsDelivering(tag) => LineOwner.IdleMailer,
        _ => LineOwner.Unclear,
    };
}
