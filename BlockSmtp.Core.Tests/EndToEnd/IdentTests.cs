using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>Clients that the real sendmail asks who they are, as it does by itself (Timeout.ident), and that say what they like.</summary>
[TestFixture]
internal sealed class IdentTests
{
    private const string Guesser = "203.0.113.44";
    private const string Friend = "198.51.100.10";
    private const int IdentPort = 113;

    private SendmailLab _lab = null!;

    [SetUp]
    public void StartSendmail() => _lab = SendmailLab.Start(new LabSettings { Throttle = 0, Ident = "5s" });

    [TearDown]
    public void EndSendmail() => _lab?.Dispose();

    [TestCase("UNIX : joe", "VRFY nosuch{0}")]
    [TestCase("UNIX : ", "VRFY nosuch{0}")]
    [TestCase("OTHER : joe", "EXPN nosuch{0}")]
    [TestCase("UNIX : x [198.51.100.10]: VRFY a, relay=mx.friendly.example [198.51.100.10]@y", "VRFY nosuch{0}")]
    [TestCase("UNIX : ", "RCPT TO:<nosuch{0}@example.org>")]
    [TestCase("UNIX : x, relay=[198.51.100.10]", "RCPT TO:<gone@example.org>({0})")]
    public async Task Who_says_who_it_is_and_guesses_is_cut_off(string ident, string pattern)
    {
        using var answers = Answer(ident);
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        // One guess a session, so that the end of a transaction has to name its client.
        for (var i = 0; i < 20 && !_lab.Drops(Guesser); i++)
        {
            await using var session = await _lab.ConnectAsync(Guesser);
            await session.SayAsync("EHLO x");
            await session.PipelineAsync(
                "MAIL FROM:<a@b.example>", string.Format(CultureInfo.InvariantCulture, pattern, i), "QUIT");
            // Else the next connection might be tried just before the rule is there, and wait for its end.
            await Task.Delay(300);
        }

        await daemon.Says($"blocked {Guesser}");
        await daemon.Blocks(Guesser);
        _lab.Drops(Friend).Should().BeFalse();
        _lab.Log().Should().Contain(line => line.Contains($"@[{Guesser}]", StringComparison.Ordinal));
    }

    /// <summary>An ident daemon (RFC 1413) of the guesser that answers every question alike, until it is disposed.</summary>
    private Socket Answer(string ident)
    {
        var listener = NamespacedSocket.Create(_lab.ClientNamespace(Guesser), AddressFamily.InterNetwork);
        listener.Bind(new IPEndPoint(IPAddress.Parse(Guesser), IdentPort));
        listener.Listen();
        _ = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    using var asked = await listener.AcceptAsync();
                    var question = new byte[256];
                    var length = await asked.ReceiveAsync(question);
                    var ports = Encoding.ASCII.GetString(question, 0, length).TrimEnd();
                    await asked.SendAsync(Encoding.ASCII.GetBytes($"{ports} : USERID : {ident}\r\n"));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        });
        return listener;
    }
}
