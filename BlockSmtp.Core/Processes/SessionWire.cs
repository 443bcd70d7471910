using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Processes;

/// <summary>
/// What a <see cref="SessionClient"/> and a <see cref="SessionServer"/> send one another: records of fixed lengths, and before several of a
/// kind how many there are. Both ends are one program of one version on one machine, but neither trusts what the other has sent.
/// </summary>
internal static class SessionWire
{
    public const byte Find = 1;
    public const byte EndOfPeers = 2;
    public const byte EndStuck = 3;
    public const byte EndStalled = 4;

    /// <summary>What is asked, a number (of a process, or of the networks that follow), and a time in ticks; zero for none.</summary>
    public const int RequestLength = 16;

    /// <summary>An address as an IPv6 one, and the bits of it that count.</summary>
    public const int NetworkLength = 17;

    /// <summary>How it went, how many sessions follow, and an address.</summary>
    public const int ReplyLength = 24;

    /// <summary>A process, what it took to end it, and the address of its client.</summary>
    public const int SessionLength = 24;

    /// <summary>More networks take several requests.</summary>
    public const int MostNetworks = 4096;

    /// <summary>A mail server with more sessions is not known; what goes beyond is ended, but not told.</summary>
    public const int MostSessions = 65_536;

    private const int BitsBeforeIPv4 = 96;

    public static void WriteRequest(Span<byte> request, byte kind, int number, long ticks)
    {
        request[..RequestLength].Clear();
        request[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(request[4..], number);
        BinaryPrimitives.WriteInt64LittleEndian(request[8..], ticks);
    }

    public static (byte Kind, int Number, long Ticks) ReadRequest(ReadOnlySpan<byte> request) =>
        (request[0], BinaryPrimitives.ReadInt32LittleEndian(request[4..]), BinaryPrimitives.ReadInt64LittleEndian(request[8..]));

    public static void WriteNetwork(Span<byte> network, IPNetwork value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(network, TcpEnd.AddressOf(value.BaseAddress));
        network[16] = (byte)(value.PrefixLength + (value.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? BitsBeforeIPv4 : 0));
    }

    /// <returns>False where it is none.</returns>
    public static bool TryReadNetwork(ReadOnlySpan<byte> network, out IPNetwork value)
    {
        value = default;
        var bits = (int)network[16];
        var address = new TcpEnd(BinaryPrimitives.ReadUInt128BigEndian(network), 0).ToAddress();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            bits -= BitsBeforeIPv4;
        if (bits < 0 || bits > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
            return false;
        value = NetworkOf(address, bits);
        return true;
    }

    public static void WriteReply(Span<byte> reply, byte outcome, int count, IPAddress? address)
    {
        reply[..ReplyLength].Clear();
        reply[0] = outcome;
        BinaryPrimitives.WriteInt32LittleEndian(reply[4..], count);
        WriteAddress(reply[8..], address);
    }

    public static (byte Outcome, int Count, IPAddress? Address) ReadReply(ReadOnlySpan<byte> reply) =>
        (reply[0], BinaryPrimitives.ReadInt32LittleEndian(reply[4..]), ReadAddress(reply[8..]));

    public static void WriteSession(Span<byte> session, EndedSession value)
    {
        session[..SessionLength].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(session, value.ProcessId);
        session[4] = (byte)value.Means;
        WriteAddress(session[8..], value.Peer);
    }

    public static EndedSession ReadSession(ReadOnlySpan<byte> session) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(session), ReadAddress(session[8..]), (SessionEnd)session[4]);

    /// <summary>No client has the address zero, so that stands for none.</summary>
    private static void WriteAddress(Span<byte> to, IPAddress? address) =>
        BinaryPrimitives.WriteUInt128BigEndian(to, address is null ? UInt128.Zero : TcpEnd.AddressOf(address));

    private static IPAddress? ReadAddress(ReadOnlySpan<byte> from) =>
        BinaryPrimitives.ReadUInt128BigEndian(from) is var address && address != UInt128.Zero ? new TcpEnd(address, 0).ToAddress() : null;

    /// <summary>A network of an address of which more bits may be set than count.</summary>
    private static IPNetwork NetworkOf(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = bits; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), bits);
    }
}
