using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A client's side of an SMTP session, from any address of a lab's networks. What it sent and what it got is the truth to
/// hold the log and the daemon against. A session that ends is no error: calls on it do nothing and answer null.
/// </summary>
internal sealed class SmtpSession : IAsyncDisposable
{
    private static readonly TimeSpan ReplyPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(1.5);

    private static int _names;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[4096];
    private readonly List<Exchange> _exchanges = [];
    private Stream _stream;
    private int _start, _end;
    private bool _closed;

    private SmtpSession(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket));

    public IReadOnlyList<Exchange> Exchanges => _exchanges;

    /// <summary>The port on its own end.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public SessionClose Close { get; private set; }

    public bool HasEnded => Close != SessionClose.None;

    /// <summary>How many names this client was told to be wrong.</summary>
    public int UnknownUsers => _exchanges.Count(exchange => exchange.IsUnknownUser);

    /// <exception cref="SocketException">Refused, or no answer in a time that is ample on one machine.</exception>
    public static async Task<SmtpSession> OpenAsync(string networkNamespace, IPAddress source, IPAddress server, int port = 25)
    {
        var socket = NamespacedSocket.Create(networkNamespace, source.AddressFamily);
        try
        {
            using var patience = new CancellationTokenSource(ConnectPatience);
            socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(new IPEndPoint(server, port), patience.Token);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        var session = new SmtpSession(socket);
        // RFC 8314: there TLS begins at once.
        if (port == 465)
            await session.BeginTlsAsync();
        session._exchanges.Add(new Exchange("", await session.ReadReplyAsync()));
        return session;
    }

    /// <summary>Goes on in TLS; the server's certificate may be anybody's.</summary>
    public async Task StartTlsAsync()
    {
        (await SayAsync("STARTTLS")).Should().StartWith("220 ");
        await BeginTlsAsync();
    }

    private async Task BeginTlsAsync()
    {
#pragma warning disable CA5359 // It is one that was made for this test.
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await secured.AuthenticateAsClientAsync("mail1.example.org");
        _stream = secured;
    }

    /// <summary>Sends a line and reads its reply.</summary>
    public async Task<string?> SayAsync(string line) => (await PipelineAsync(line))[0].Reply;

    /// <summary>Sends lines in one go, then reads their replies.</summary>
    public async Task<IReadOnlyList<Exchange>> PipelineAsync(params string[] lines)
    {
        var got = new List<Exchange>();
        await SendAsync(lines);
        foreach (var line in lines)
            got.Add(new Exchange(line, await ReadReplyAsync()));
        _exchanges.AddRange(got);
        return got;
    }

    /// <summary>Sends lines without waiting for what they get.</summary>
    public Task SendAsync(params string[] lines) => SendPartAsync(string.Concat(lines.Select(line => line + "\r\n")));

    /// <summary>Sends some of a line.</summary>
    public async Task SendPartAsync(string text)
    {
        if (HasEnded)
            return;
        try
        {
            await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        }
        catch (IOException)
        {
            Close = SessionClose.Reset;
        }
    }

    /// <summary>Says hello and begins a message.</summary>
    public async Task BeginAsync(string sender = "someone@sender.example")
    {
        await SayAsync("EHLO client.example");
        await SayAsync($"MAIL FROM:<{sender}>");
    }

    /// <summary>Guesses names one by one until there are enough or the session has ended; returns how many were told to be wrong.</summary>
    public async Task<int> GuessAsync(int count, TimeSpan apart = default, bool angleBrackets = true)
    {
        var before = UnknownUsers;
        for (var i = 0; i < count && !HasEnded; i++)
        {
            if (i > 0 && apart > TimeSpan.Zero)
                await Task.Delay(apart);
            var name = $"nosuch{Interlocked.Increment(ref _names)}";
            await SayAsync(angleBrackets ? $"RCPT TO:<{name}@example.org>" : $"RCPT TO:{name}");
        }

        return UnknownUsers - before;
    }

    /// <summary>Asks for a recipient in the name of nobody, as a server does that bounces, and sends nothing.</summary>
    public async Task BounceAsync(string recipient)
    {
        await SayAsync("MAIL FROM:<>");
        await SayAsync($"RCPT TO:<{recipient}>");
        await SayAsync("RSET");
    }

    /// <summary>Sends a message to recipients in a transaction of its own.</summary>
    public async Task MailAsync(string sender, params string[] recipients)
    {
        await SayAsync($"MAIL FROM:<{sender}>");
        foreach (var recipient in recipients)
            await SayAsync($"RCPT TO:<{recipient}>");
        await SayAsync("DATA");
        await SayAsync($"From: <{sender}>\r\nSubject: hello\r\n\r\nhello\r\n.");
    }

    /// <summary>Waits, saying nothing, for the server to end the session.</summary>
    public async Task WaitForEndAsync(TimeSpan patience)
    {
        using var timer = new CancellationTokenSource(patience);
        while (!HasEnded && await FillAsync(timer.Token))
            _start = _end;
    }

    public async Task QuitAsync()
    {
        await SayAsync("QUIT");
        CloseSocket();
    }

    /// <summary>Ends the connection at once with a reset and no farewell.</summary>
    public void Abort()
    {
        if (_closed)
            return;
        _socket.LingerState = new LingerOption(true, 0);
        CloseSocket();
    }

    public ValueTask DisposeAsync()
    {
        Abort();
        return ValueTask.CompletedTask;
    }

    private void CloseSocket()
    {
        _closed = true;
        _socket.Dispose();
        _stream.Dispose();
        if (!HasEnded)
            Close = SessionClose.ByClient;
    }

    private async Task<string?> ReadReplyAsync()
    {
        using var patience = new CancellationTokenSource(ReplyPatience);
        var lines = new List<string>();
        while (true)
        {
            if (await ReadLineAsync(patience.Token) is not { } line)
                return null;
            lines.Add(line);
            if (line.Length < 4 || line[3] != '-')
                return string.Join('\n', lines);
        }
    }

    private async Task<string?> ReadLineAsync(CancellationToken patience)
    {
        var line = new StringBuilder();
        while (true)
        {
            var found = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            var stop = found < 0 ? _end : found;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, stop - _start));
            _start = found < 0 ? _end : found + 1;
            if (found >= 0)
                return line.ToString().TrimEnd('\r');
            if (HasEnded || !await FillAsync(patience))
            {
                if (!HasEnded)
                    Close = SessionClose.Silence;
                return null;
            }
        }
    }

    /// <returns>Whether something came; when not, <see cref="Close"/> says why, or stays as it is when it was only silence.</returns>
    private async Task<bool> FillAsync(CancellationToken patience)
    {
        try
        {
            (_start, _end) = (0, await _stream.ReadAsync(_buffer, patience));
            if (_end == 0)
                Close = SessionClose.ByServer;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (IOException)
        {
            Close = SessionClose.Reset;
        }

        return !HasEnded;
    }
}
