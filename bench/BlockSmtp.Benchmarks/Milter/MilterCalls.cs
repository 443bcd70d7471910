using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Benchmarks.Milter;

/// <summary>A mail server's end of a session at the gate, in which a message is begun.</summary>
internal sealed class MilterCalls : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _recipient;

    /// <param name="path">The gate's socket.</param>
    /// <param name="client">Whose session it is.</param>
    public MilterCalls(string path, IPAddress client)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        // What sendmail 8.17 offers.
        Ask([.. Packet('O', [0, 0, 0, 6, 0, 0, 1, 0xff, 0, 0x1f, 0xff, 0xff])], 1);
        Ask([.. Packet('D', Text($"C{{client_addr}}\0{client}\0")), .. Packet('C', Text($"client.example\04\x30\x39{client}\0"))], 1);
        Ask([.. Packet('D', Text("Mi\06ATHntrU020703\0")), .. Packet('M', Text("<someone@sender.example>\0"))], 1);
        _recipient =
        [
            .. Packet('D', Text("R{rcpt_mailer}\0local\0{rcpt_host}\0\0{rcpt_addr}\0alice\0")),
            .. Packet('R', Text("<alice@example.org>\0")),
        ];
    }

    /// <summary>Asks of so many recipients, one after the other.</summary>
    public void Recipients(int count)
    {
        for (var i = 0; i < count; i++)
            Ask(_recipient, 1);
    }

    public void Dispose() => _socket.Dispose();

    private void Ask(ReadOnlySpan<byte> packets, int replies)
    {
        _socket.Send(packets);
        for (var received = 0; replies > 0;)
        {
            var read = _socket.Receive(_buffer.AsSpan(received));
            if (read == 0)
                throw new InvalidOperationException("the gate has hung up");
            received += read;
            // The one reply that is awaited.
            if (received >= 4 && received >= 4 + BinaryPrimitives.ReadInt32BigEndian(_buffer))
                replies--;
        }
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Packet(char command, byte[] body)
    {
        var packet = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(packet, 1 + body.Length);
        packet[4] = (byte)command;
        body.CopyTo(packet, 5);
        return packet;
    }
}
