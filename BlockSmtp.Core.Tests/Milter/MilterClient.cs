using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.Milter;

/// <summary>The mail server's end of a milter, packet by packet.</summary>
internal sealed class MilterClient : IDisposable
{
    private readonly Socket _socket;

    private MilterClient(Socket socket) => _socket = socket;

    public static async Task<MilterClient> ConnectAsync(EndPoint address)
    {
        var socket = new Socket(
            address.AddressFamily, SocketType.Stream, address is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        await socket.ConnectAsync(address);
        return new MilterClient(socket);
    }

    /// <summary>A connection whose versions are agreed on, as sendmail 8.17 does it.</summary>
    public static async Task<MilterClient> NegotiateAsync(EndPoint address)
    {
        var client = await ConnectAsync(address);
        await client.AskAsync(Offer(6, 0x1ff, 0x1fffff));
        return client;
    }

    public static byte[] Packet(char command, params ReadOnlySpan<byte> body)
    {
        var packet = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(packet, 1 + body.Length);
        packet[4] = (byte)command;
        body.CopyTo(packet.AsSpan(5));
        return packet;
    }

    public static byte[] Packet(char command, string body) => Packet(command, Encoding.Latin1.GetBytes(body));

    public static byte[] Offer(uint version, uint actions, uint steps)
    {
        var body = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(body, version);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4), actions);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(8), steps);
        return Packet('O', body);
    }

    /// <summary>A client has connected from an address, as sendmail says it.</summary>
    public static byte[] Connect(string address) =>
        Packet('C', address.Contains(':') ? $"host\06\x9c\x40IPv6:{address}\0" : $"host\04\x9c\x40{address}\0");

    public static byte[] Macros(char command, params string[] namesAndValues) =>
        Packet('D', command + string.Concat(namesAndValues.Select(text => text + "\0")));

    public Task SendAsync(params byte[][] packets) => _socket.SendAsync(packets.SelectMany(packet => packet).ToArray());

    /// <summary>Sends, and reads one reply: its letter and what follows, up to the zero.</summary>
    public async Task<string?> AskAsync(params byte[][] packets)
    {
        await SendAsync(packets);
        return await ReadAsync();
    }

    /// <summary>One reply; null when the milter has hung up.</summary>
    public async Task<string?> ReadAsync()
    {
        if (await ReadAsync(4) is not { } header)
            return null;
        var body = await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(header));
        return body is null ? null : Encoding.Latin1.GetString(body);
    }

    public async Task<string?> RecipientAsync(string recipient, string mailer = "local", string host = "") =>
        await AskAsync(
            Macros('R', "{rcpt_mailer}", mailer, "{rcpt_host}", host, "{rcpt_addr}", mailer == "error" ? "550 5.1.1 User unknown" : "x"),
            Packet('R', recipient + "\0"));

    /// <summary>A good recipient, after so many refusals in the transaction, shown or not.</summary>
    public async Task<string?> RecipientAfterAsync(int refusals) =>
        await AskAsync(
            Macros(
                'R', "{rcpt_mailer}", "local", "{rcpt_host}", "", "{nbadrcpts}",
                refusals.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Packet('R', "<alice@example.org>\0"));

    /// <summary>Sends the same again and again, each time after the reply of one byte to the time before; takes no memory itself.</summary>
    public void Repeat(byte[] packets, int count)
    {
        Span<byte> reply = stackalloc byte[5];
        for (var i = 0; i < count; i++)
        {
            _socket.Send(packets);
            for (var have = 0; have < reply.Length;)
            {
                // To wait in Receive takes memory on a socket that has been used asynchronously.
                _socket.Poll(-1, SelectMode.SelectRead);
                var read = _socket.Receive(reply[have..]);
                have += read > 0 ? read : throw new InvalidOperationException("the milter has hung up");
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<byte[]?> ReadAsync(int length)
    {
        var bytes = new byte[length];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var have = 0; have < length;)
        {
            int read;
            try
            {
                read = await _socket.ReceiveAsync(bytes.AsMemory(have), patience.Token);
            }
            catch (SocketException)
            {
                return null;
            }

            if (read == 0)
                return null;
            have += read;
        }

        return bytes;
    }
}
