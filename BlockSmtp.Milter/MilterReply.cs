using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BlockSmtp.Milter.Protocol;

namespace BlockSmtp.Milter;

/// <summary>What a mail server is to do with what it has asked of. Made once and used as often as wished, from any thread.</summary>
public sealed class MilterReply
{
    // RFC 5321, 4.5.3.1.5: a line of a reply has at most 512 bytes, with its end.
    private const int LongestText = 480;

    private readonly byte[] _packet;

    private MilterReply(byte command, ReadOnlySpan<byte> text = default)
    {
        _packet = new byte[Packet.HeaderLength + 1 + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(_packet, 1 + text.Length);
        _packet[Packet.HeaderLength] = command;
        text.CopyTo(_packet.AsSpan(Packet.HeaderLength + 1));
    }

    /// <summary>Go on.</summary>
    public static MilterReply Continue { get; } = new(ReplyCode.Continue);

    /// <summary>Go on, and do not ask any more: for the rest of the session at the connection, else of the message.</summary>
    public static MilterReply Accept { get; } = new(ReplyCode.Accept);

    /// <summary>Refuse it for good, in the mail server's own words.</summary>
    public static MilterReply Reject { get; } = new(ReplyCode.Reject);

    /// <summary>Refuse it for now, in the mail server's own words.</summary>
    public static MilterReply TemporaryFailure { get; } = new(ReplyCode.TemporaryFailure);

    /// <summary>As it goes to the mail server.</summary>
    internal ReadOnlyMemory<byte> Bytes => _packet;

    /// <summary>Refuse it with these words. A 421 also ends the session.</summary>
    /// <param name="code">The code, 400 to 599.</param>
    /// <param name="status">The enhanced status (RFC 3463) of the same class, such as <c>4.7.0</c>.</param>
    /// <param name="text">One line of printable ASCII, at most 480 characters.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentException">A part is not as it must be; the message names it.</exception>
    public static MilterReply Of(int code, string status, string text)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentException.ThrowIfNullOrEmpty(text);
        var parts = status.Split('.');
        if (parts.Length != 3 || !parts.All(IsNumber) || parts[0] != (code / 100).ToString(CultureInfo.InvariantCulture))
            throw new ArgumentException($"'{status}' is no status of the class of {code}, such as {code / 100}.7.0.", nameof(status));
        if (text.Length > LongestText || text.Any(letter => letter is < ' ' or > '~'))
            throw new ArgumentException($"It must be one line of at most {LongestText} printable ASCII characters.", nameof(text));
        // Both mail servers read a percent sign as the begin of a format and want it doubled (smfi_setreply of libmilter).
        text = text.Replace("%", "%%", StringComparison.Ordinal);
        return new MilterReply(ReplyCode.Text, Encoding.ASCII.GetBytes($"{code} {status} {text}\0"));
    }

    /// <inheritdoc/>
    public override string ToString() => _packet.Length == Packet.HeaderLength + 1
        ? ((char)_packet[^1]).ToString()
        : Encoding.ASCII.GetString(_packet.AsSpan((Packet.HeaderLength + 1)..^1));

    private static bool IsNumber(string text) => text.Length is > 0 and <= 3 && text.All(char.IsAsciiDigit);
}
