using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.Hooks;

/// <summary>A TCP server on the loopback, one connection after the other.</summary>
internal abstract class LocalServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    protected LocalServer()
    {
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    protected abstract Task ServeAsync(StreamReader reader, StreamWriter writer);

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            await using var writer = new StreamWriter(stream, Encoding.Latin1, leaveOpen: true) { AutoFlush = true, NewLine = "\r\n" };
            await ServeAsync(reader, writer);
        }
    }
}

/// <summary>Takes what is posted to it.</summary>
internal sealed class WebServer(string answer = "200 OK") : LocalServer
{
    public List<(string Headers, string Body)> Requests { get; } = [];

    public string Url => $"http://{Address}/";

    protected override async Task ServeAsync(StreamReader reader, StreamWriter writer)
    {
        var headers = new StringBuilder();
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            headers.AppendLine(line);
            if (line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line.AsSpan("Content-Length: ".Length), System.Globalization.CultureInfo.InvariantCulture);
        }

        var body = new char[length];
        await reader.ReadBlockAsync(body);
        Requests.Add((headers.ToString(), new string(body)));
        await writer.WriteAsync($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
}

/// <summary>Takes mail.</summary>
internal sealed class MailServer : LocalServer
{
    public List<string> Recipients { get; } = [];

    public List<string> Mails { get; } = [];

    protected override async Task ServeAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("rcpt ", StringComparison.OrdinalIgnoreCase))
                Recipients.Add(line.ToLowerInvariant());
            if (line.Equals("data", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync() is { } text && text != ".")
                    mail.AppendLine(text);
                Mails.Add(mail.ToString());
            }

            var leaves = line.Equals("quit", StringComparison.OrdinalIgnoreCase);
            await writer.WriteLineAsync(leaves ? "221 bye" : "250 ok");
            if (leaves)
                return;
        }
    }
}
