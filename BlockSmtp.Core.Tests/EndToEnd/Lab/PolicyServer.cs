using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A site's policy server in a lab, which Postfix or Exim asks for each recipient, and that refuses in words of the test's.
/// </summary>
internal sealed class PolicyServer : IDisposable
{
    private const int Port = 10_031;

    private readonly Func<IReadOnlyDictionary<string, string>, string?> _words;
    private readonly Socket _listener;

    /// <param name="lab">Whose namespace.</param>
    /// <param name="words">
    /// The words of a refusal, by the attributes of SMTPD_POLICY_README (<c>recipient</c>, <c>sender</c>, <c>helo_name</c>,
    /// <c>client_name</c>, <c>client_address</c>); null where it has nothing against it.
    /// </param>
    public PolicyServer(SendmailLab lab, Func<IReadOnlyDictionary<string, string>, string?> words)
    {
        _words = words;
        _listener = NamespacedSocket.Create(lab.ServerNamespace, AddressFamily.InterNetwork);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen();
        _ = ServeAllAsync();
    }

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
            using var reader = new StreamReader(stream, Encoding.Latin1);
            while (await QuestionAsync(reader) is { } question)
            {
                var action = _words(question) is { } words ? "REJECT " + words : "DUNNO";
                await stream.WriteAsync(Encoding.Latin1.GetBytes($"action={action}\n\n"));
                // Exim asks once, and reads to the end.
                if (!question.ContainsKey("request"))
                    return;
            }
        }
        catch (IOException)
        {
            // The mail server has ended.
        }
    }

    private static async Task<Dictionary<string, string>?> QuestionAsync(StreamReader reader)
    {
        var question = new Dictionary<string, string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
                return question;
            var end = line.IndexOf('=', StringComparison.Ordinal);
            question[line[..end]] = line[(end + 1)..];
        }

        return null;
    }
}
