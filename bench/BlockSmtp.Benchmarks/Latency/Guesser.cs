using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>A host that guesses names, and counts what it was told: that is what leaks.</summary>
/// <param name="networkNamespace">Where it is.</param>
/// <param name="address">Its address.</param>
internal sealed class Guesser(string networkNamespace, IPAddress address)
{
    // sendmail sleeps for a second a guess when it throttles; an answer that takes longer than this does not come.
    private const int PatienceMilliseconds = 2500;

    private readonly byte[] _buffer = new byte[4096];
    private Socket? _socket;
    private string _unread = "";

    /// <summary>How many names it was told to be unknown.</summary>
    public int Leaked { get; private set; }

    /// <summary>Guesses until it has done so often enough, or is cut off.</summary>
    /// <param name="guesses">How often at most.</param>
    /// <param name="apart">How long it waits from an answer to the next guess.</param>
    /// <param name="perSession">After how many it begins a new session; what guesses in one session holds that open.</param>
    public int Guess(int guesses, TimeSpan apart, int perSession)
    {
        try
        {
            for (var i = 0; i < guesses; i++)
            {
                if (i % perSession == 0)
                    Begin();
                else if (apart > TimeSpan.Zero)
                    Thread.Sleep(apart);
                var answer = Say($"RCPT TO:<nosuch{i}@example.org>");
                if (!answer.StartsWith("550", StringComparison.Ordinal))
                    break;
                Leaked++;
            }
        }
        catch (SocketException)
        {
            // Refused, silent or reset: it is cut off.
        }
        finally
        {
            _socket?.Dispose();
        }

        return Leaked;
    }

    /// <summary>Sends all guesses at once (RFC 2920) and then reads what comes back.</summary>
    public int GuessAtOnce(int guesses)
    {
        try
        {
            Begin();
            var lines = Enumerable.Range(0, guesses).Select(i => $"RCPT TO:<nosuch{i}@example.org>\r\n");
            _socket!.Send(Encoding.ASCII.GetBytes(string.Concat(lines)));
            while (Leaked < guesses && Hear().StartsWith("550", StringComparison.Ordinal))
                Leaked++;
        }
        catch (SocketException)
        {
            // Silent or reset: it is cut off.
        }
        finally
        {
            _socket?.Dispose();
        }

        return Leaked;
    }

    private void Begin()
    {
        if (_socket is not null)
        {
            Say("QUIT");
            _socket.Dispose();
        }

        _unread = "";
        _socket = NamespacedSocket.Create(networkNamespace);
        _socket.ReceiveTimeout = PatienceMilliseconds;
        _socket.Bind(new IPEndPoint(address, 0));
        Connect(_socket);
        Hear();
        Say("EHLO client.example");
        Say("MAIL FROM:<someone@sender.example>");
    }

    /// <exception cref="SocketException">It was refused, or there was no answer in time.</exception>
    private static void Connect(Socket socket)
    {
        using var patience = new CancellationTokenSource(PatienceMilliseconds);
        try
        {
            socket.ConnectAsync(new IPEndPoint(SendmailLab.Server, 25), patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private string Say(string line)
    {
        _socket!.Send(Encoding.ASCII.GetBytes(line + "\r\n"));
        return Hear();
    }

    /// <summary>The last line of an answer, RFC 5321 section 4.2.1; empty at the end of the connection.</summary>
    private string Hear()
    {
        while (true)
        {
            var end = _unread.IndexOf('\n', StringComparison.Ordinal);
            if (end >= 0)
            {
                var line = _unread[..end];
                _unread = _unread[(end + 1)..];
                if (line.Length < 4 || line[3] != '-')
                    return line;
            }
            else if (_socket!.Receive(_buffer) is var received && received > 0)
            {
                _unread += Encoding.ASCII.GetString(_buffer, 0, received);
            }
            else
            {
                return "";
            }
        }
    }
}
