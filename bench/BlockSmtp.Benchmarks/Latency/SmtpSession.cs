using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>A client's side of a session with the lab's sendmail, in which a message has been begun.</summary>
internal sealed class SmtpSession : IDisposable
{
    // sendmail sleeps for a second a guess when it throttles; an answer that takes longer than this does not come.
    private const int PatienceMilliseconds = 2500;

    private readonly byte[] _buffer = new byte[4096];
    private readonly Socket _socket;
    private SslStream? _tls;
    private string _unread = "";

    /// <param name="networkNamespace">Where the client is.</param>
    /// <param name="address">Its address.</param>
    /// <exception cref="SocketException">Refused, or no answer in time.</exception>
    public SmtpSession(string networkNamespace, IPAddress address)
    {
        _socket = NetworkNamespace.Tcp(networkNamespace);
        try
        {
            _socket.ReceiveTimeout = PatienceMilliseconds;
            _socket.Bind(new IPEndPoint(address, 0));
            Connect();
            Hear();
            Begin();
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a line and returns the last one of the answer.</summary>
    public string Say(string line)
    {
        Send(line + "\r\n");
        return Hear();
    }

    public void Send(string text)
    {
        if (_tls is not null)
            _tls.Write(Encoding.ASCII.GetBytes(text));
        else
            _socket.Send(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Goes on behind TLS, whatever the certificate is, and begins a message anew.</summary>
    /// <exception cref="IOException">It is cut off.</exception>
    /// <exception cref="InvalidOperationException">There is no TLS.</exception>
    public void StartTls()
    {
        // No mail server takes it within a transaction.
        Say("RSET");
        var reply = Say("STARTTLS");
        if (reply.Length == 0 || reply.StartsWith("421", StringComparison.Ordinal))
            throw new IOException("It is cut off.");
        if (!reply.StartsWith("220", StringComparison.Ordinal))
            throw new InvalidOperationException($"STARTTLS: {reply}");
#pragma warning disable CA5359 // It is the lab's own, and nobody's to check.
        _tls = new SslStream(new NetworkStream(_socket), leaveInnerStreamOpen: true, (_, _, _, _) => true);
#pragma warning restore CA5359
        _tls.AuthenticateAsClient("mail1.example.org");
        Begin();
    }

    /// <summary>The last line of an answer, RFC 5321 section 4.2.1; empty at the end of the connection.</summary>
    public string Hear()
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
            else if ((_tls is null ? _socket.Receive(_buffer) : _tls.Read(_buffer)) is var received && received > 0)
            {
                _unread += Encoding.ASCII.GetString(_buffer, 0, received);
            }
            else
            {
                return "";
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _tls?.Dispose();
    }

    private void Begin()
    {
        Say("EHLO client.example");
        Say("MAIL FROM:<someone@sender.example>");
    }

    private void Connect()
    {
        using var patience = new CancellationTokenSource(PatienceMilliseconds);
        try
        {
            _socket.ConnectAsync(new IPEndPoint(SendmailLab.Server, 25), patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }
}
