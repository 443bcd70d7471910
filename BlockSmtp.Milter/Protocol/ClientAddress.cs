using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Milter.Protocol;

/// <summary>Who has connected: <c>HOST NUL FAMILY PORT ADDRESS NUL</c>, where a family without an address ends it.</summary>
internal static class ClientAddress
{
    private const byte IPv4 = (byte)'4';
    private const byte IPv6 = (byte)'6';
    private const int LongestAddress = 64;

    /// <summary>Reads it.</summary>
    /// <returns>Null for a client without an internet address, as a program that mails from the machine itself.</returns>
    /// <exception cref="PacketException">It is not as it must be.</exception>
    public static (IPAddress? Client, int Port) Read(ReadOnlyMemory<byte> body)
    {
        var rest = body.Span[(Packet.FirstText(body).Length + 1)..];
        if (rest.IsEmpty)
            throw new PacketException("a connection without a family");
        var family = rest[0];
        if (family is not (IPv4 or IPv6))
            return (null, 0);
        if (rest.Length < 3)
            throw new PacketException("a connection without a port");
        var port = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
        var text = rest[3..];
        var end = text.IndexOf((byte)0);
        if (end is <= 0 or > LongestAddress)
            throw new PacketException("a connection without an address");
        text = text[..end];
        // sendmail writes "IPv6:2001:db8:0:0:0:0:0:1".
        if (text.StartsWith("IPv6:"u8))
            text = text["IPv6:"u8.Length..];
        Span<char> letters = stackalloc char[LongestAddress];
        if (Ascii.ToUtf16(text, letters, out var length) != System.Buffers.OperationStatus.Done
            || !IPAddress.TryParse(letters[..length], out var address)
            || (address.AddressFamily == AddressFamily.InterNetwork) != (family == IPv4))
            throw new PacketException("a connection with an address that is none");
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        // Of a link-local address the interface is no part.
        var isScoped = address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0;
        return (isScoped ? new IPAddress(address.GetAddressBytes()) : address, port);
    }
}
