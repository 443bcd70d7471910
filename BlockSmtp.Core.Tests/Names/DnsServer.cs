using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.Names;

/// <summary>
/// A name server on the loopback, by UDP and, for what is longer, by TCP (RFC 1035). What it does not have does not exist.
/// </summary>
internal sealed class DnsServer : IAsyncDisposable
{
    private const int A = 1, Mx = 15, Txt = 16, Aaaa = 28;

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<(string Name, int Type), List<byte[]>> _records = [];
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly Task[] _serving;

    public DnsServer()
    {
        // The same port for both.
        _tcp = new TcpListener(IPAddress.Loopback, 0);
        _tcp.Start();
        _udp = new UdpClient((IPEndPoint)_tcp.LocalEndpoint);
        _serving = [Task.Run(ServeUdpAsync), Task.Run(ServeTcpAsync)];
    }

    public string Address => _tcp.LocalEndpoint.ToString()!;

    /// <summary>Whether it answers at all.</summary>
    public bool Fails { get; set; }

    public uint TimeToLive { get; set; } = 3600;

    public int Asked { get; private set; }

    public DnsServer Host(string name, params string[] addresses)
    {
        foreach (var address in addresses.Select(IPAddress.Parse))
            Add(name, address.AddressFamily == AddressFamily.InterNetwork ? A : Aaaa, address.GetAddressBytes());
        return this;
    }

    public DnsServer Text(string name, string text)
    {
        // Pieces of 255 bytes.
        var bytes = Encoding.ASCII.GetBytes(text);
        Add(name, Txt, [.. bytes.Chunk(255).SelectMany(piece => piece.Prepend((byte)piece.Length))]);
        return this;
    }

    public DnsServer MailServer(string name, string host)
    {
        Add(name, Mx, [0, 10, .. NameOf(host)]);
        return this;
    }

    public void Forget(string name)
    {
        lock (_records)
        {
            foreach (var key in _records.Keys.Where(key => key.Name == name).ToArray())
                _records.Remove(key);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    private void Add(string name, int type, byte[] value)
    {
        lock (_records)
        {
            if (!_records.TryGetValue((name, type), out var values))
                _records[(name, type)] = values = [];
            values.Add(value);
        }
    }

    private async Task ServeUdpAsync()
    {
        while (true)
        {
            var asked = await _udp.ReceiveAsync(_stop.Token);
            if (Answer(asked.Buffer) is not { } answer)
                continue;
            if (answer.Length > 512)
            {
                answer = answer[..512];
                answer[2] |= 0x02; // Truncated.
            }

            await _udp.SendAsync(answer, asked.RemoteEndPoint, _stop.Token);
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
            await using var stream = client.GetStream();
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _stop.Token);
            var asked = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(asked, _stop.Token);
            if (Answer(asked) is not { } answer)
                continue;
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
            await stream.WriteAsync((byte[])[.. length, .. answer], _stop.Token);
        }
    }

    private byte[]? Answer(byte[] asked)
    {
        Asked++;
        if (Fails)
            return null;
        var end = 12;
        List<string> labels = [];
        for (; asked[end] != 0; end += asked[end] + 1)
            labels.Add(Encoding.ASCII.GetString(asked, end + 1, asked[end]));
        var name = string.Join('.', labels).ToLowerInvariant();
        var type = BinaryPrimitives.ReadUInt16BigEndian(asked.AsSpan(end + 1));
        byte[][] values;
        bool exists;
        lock (_records)
        {
            exists = _records.Keys.Any(key => key.Name == name);
            values = _records.TryGetValue((name, type), out var found) ? [.. found] : [];
        }

        // An answer, recursion available; 3 is "no such name".
        List<byte> answer =
            [asked[0], asked[1], 0x81, (byte)(exists ? 0x80 : 0x83), 0, 1, 0, (byte)values.Length, 0, 0, 0, 0, .. asked[12..(end + 5)]];
        Span<byte> head = stackalloc byte[10];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt16BigEndian(head, type);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], 1);
            BinaryPrimitives.WriteUInt32BigEndian(head[4..], TimeToLive);
            BinaryPrimitives.WriteUInt16BigEndian(head[8..], (ushort)value.Length);
            answer.AddRange([0xC0, 12, .. head, .. value]);
        }

        return [.. answer];
    }

    private static byte[] NameOf(string name) =>
        [.. name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
}
