using System.Buffers.Binary;
using System.Net;

namespace BlockSmtp.Processes;

/// <summary>One end of a TCP connection.</summary>
/// <param name="Address">The IPv6 address in host order; an IPv4 one as IPv4-mapped, so that a dual-stack socket's ends compare.</param>
/// <param name="Port">The port in host order.</param>
internal readonly record struct TcpEnd(UInt128 Address, ushort Port)
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    // Linux's numbers (socket.h), the same on every architecture.
    private const ushort AfInet = 2;
    private const ushort AfInet6 = 10;

    public static UInt128 AddressOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? Mapped(BinaryPrimitives.ReadUInt32BigEndian(bytes)) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static UInt128 Mapped(uint address) => MappedPrefix | address;

    /// <summary>Reads a sockaddr_in or sockaddr_in6 (ip(7), ipv6(7)); false for any other family.</summary>
    public static bool TryRead(ReadOnlySpan<byte> socketAddress, out TcpEnd end)
    {
        end = default;
        if (socketAddress.Length < 8)
            return false;
        var port = BinaryPrimitives.ReadUInt16BigEndian(socketAddress[2..]);
        switch (BitConverter.ToUInt16(socketAddress))
        {
            case AfInet:
                end = new(Mapped(BinaryPrimitives.ReadUInt32BigEndian(socketAddress[4..])), port);
                return true;
            case AfInet6 when socketAddress.Length >= 24:
                end = new(BinaryPrimitives.ReadUInt128BigEndian(socketAddress[8..]), port);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The address; an IPv4-mapped one as IPv4.</summary>
    public IPAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return new(Address >> 32 == 0xFFFF ? bytes[12..] : bytes);
    }
}
