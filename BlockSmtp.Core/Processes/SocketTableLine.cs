using System.Buffers.Binary;
using System.Buffers.Text;

namespace BlockSmtp.Processes;

/// <summary>
/// A line of /proc/net/tcp or tcp6, such as
/// <c>   1: C80A640A:0019 3D7100CB:C91D 01 00000000:00000000 02:0000B1B2 00000000     0        0 103979 2 …</c>:
/// both ends, each 32-bit word of an address in the machine's order, the state, …, the number of the socket.
/// </summary>
internal readonly record struct SocketTableLine(TcpEnd Local, TcpEnd Peer, byte State, ulong Socket)
{
    // linux/tcp_states.h
    private const byte Established = 1;
    private const byte CloseWait = 8;
    private const byte Listen = 10;

    public bool IsConnected => State is Established or CloseWait;

    public bool IsListening => State == Listen;

    /// <summary>Parses a line; false for the heading and anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SocketTableLine line)
    {
        line = default;
        NextField(ref text);
        if (!TryParseEnd(NextField(ref text), out var local) || !TryParseEnd(NextField(ref text), out var peer) ||
            !Utf8Parser.TryParse(NextField(ref text), out byte state, out _, 'X'))
            return false;
        for (var skipped = 4; skipped < 9; skipped++)
            NextField(ref text);
        if (!Utf8Parser.TryParse(NextField(ref text), out ulong socket, out _))
            return false;
        line = new(local, peer, state, socket);
        return true;
    }

    private static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        var space = text.IndexOf((byte)' ');
        var field = space < 0 ? text : text[..space];
        text = text[field.Length..];
        return field;
    }

    private static bool TryParseEnd(ReadOnlySpan<byte> text, out TcpEnd end)
    {
        end = default;
        var colon = text.IndexOf((byte)':');
        if (colon is not (8 or 32) || !Utf8Parser.TryParse(text[(colon + 1)..], out ushort port, out _, 'X'))
            return false;
        UInt128 address = 0;
        for (var word = text[..colon]; !word.IsEmpty; word = word[8..])
        {
            // One word at a time: the parser reads all digits that it gets.
            if (!Utf8Parser.TryParse(word[..8], out uint value, out var digits, 'X') || digits != 8)
                return false;
            address = (address << 32) | (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        }

        end = new(colon == 8 ? TcpEnd.Mapped((uint)address) : address, port);
        return true;
    }
}
