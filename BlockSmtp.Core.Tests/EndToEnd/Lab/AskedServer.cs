using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A mail server in a lab that Exim asks for recipients (a callout), and that answers as the test likes.</summary>
internal sealed class AskedServer : IDisposable
{
    private const int Port = 2525;
    private const string Question = "RCPT TO:<";

    private readonly Func<string, string> _answer;
    private readonly Socket _listener;
    private readonly ConcurrentQueue<string> _asked = [];

    /// <param name="lab">Whose namespace.</param>
    /// <param name="answer">What it answers of a recipient.</param>
    public AskedServer(SendmailLab lab, Func<string, string> answer)
    {
        _answer = answer;
        _listener = NamespacedSocket.Create(lab.ServerNamespace, AddressFamily.InterNetwork);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen();
        _ = ServeAllAsync();
    }

    /// <summary>The recipients that it was asked for.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public void Dispose() => _listener.Dispose();

    private async Task ServeAllAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            await SayAsync(stream, "220 inner.example ESMTP");
            while (await reader.ReadLineAsync() is { } command)
                await SayAsync(stream, AnswerTo(command));
        }
        catch (IOException)
        {
            // Exim has what it wants to know.
        }
    }

    private static async Task SayAsync(NetworkStream stream, string reply) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"));

    private string AnswerTo(string command)
    {
        if (!command.StartsWith(Question, StringComparison.OrdinalIgnoreCase))
            return "250 ok";
        var recipient = command[Question.Length..command.IndexOf('>', StringComparison.Ordinal)];
        _asked.Enqueue(recipient);
        return _answer(recipient);
    }
}
