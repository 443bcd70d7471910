using System.Collections.Concurrent;
using System.Net.Sockets;
using BlockSmtp.Milter;
using BlockSmtp.Tests.Milter;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A milter server of ours, as real mail servers speak with it: all that they tell, and all that it may answer.</summary>
[TestFixture(Mailer.Sendmail)]
[TestFixture(Mailer.Postfix)]
internal sealed class MilterConformanceTests(Mailer mailer)
{
    private const string Socket = "/run/blocksmtp/conformance.sock";

    // As eng/lab-mailers has it.
    private const uint PostfixGroup = 20900;

    private readonly ConcurrentQueue<string> _seen = new();
    private SendmailLab _lab = null!;
    private MilterServer _server = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _lab = SendmailLab.Start(new LabSettings { Mailer = mailer, Throttle = 0, Milter = "unix:" + Socket });
        var options = new MilterServerOptions
        {
            Address = new UnixDomainSocketEndPoint(_lab.StateDirectory + Socket),
            Group = PostfixGroup,
            RecipientMacros = "{rcpt_mailer} i",
            MailMacros = "i",
        };
        _server = MilterServer.Start(() => new RecordingMilter(_seen) { Answer = Answer }, options);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _lab?.Dispose();
    }

    [SetUp]
    public void Forget() => _seen.Clear();

    [Test]
    public async Task It_is_told_of_everything_in_its_order()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.170");
        var port = session.Port;
        await session.SayAsync("EHLO client.example");
        await session.SayAsync("FOO bar");
        await session.SayAsync("MAIL FROM:<a@b.example>");
        await session.SayAsync("RCPT TO:<nosuch@example.org>");
        await session.SayAsync("RCPT TO:<alice@example.org>");
        await session.SayAsync("RSET");
        await session.MailAsync("c@d.example", "alice@example.org");
        session.Exchanges[^1].Reply.Should().StartWith("250 ");
        await session.QuitAsync();

        await Eventually.IsTrue(() => _seen.Contains("close"), "it is told of the end");
        _seen.Select(what => what.StartsWith("connect", StringComparison.Ordinal)
            ? what
            : string.Join(' ', what.Split(' ').Take(what.StartsWith("rcpt", StringComparison.Ordinal) ? 3 : 2)))
            .Should().ContainInConsecutiveOrder(
                $"connect 203.0.113.170 {port}", "helo client.example", "unknown FOO", "mail <a@b.example>",
                "rcpt <nosuch@example.org> error", "rcpt <alice@example.org> local", "abort", "mail <c@d.example>",
                "rcpt <alice@example.org> local", "message");
    }

    [Test]
    public async Task A_client_of_IPv6_has_its_address()
    {
        await using var session = await _lab.ConnectAsync("2001:db8::a:170");
        await session.SayAsync("EHLO client.example");

        _seen.Should().Contain($"connect 2001:db8::a:170 {session.Port}");
    }

    [TestCase("alice", "^250 ")]
    [TestCase("bob", "^5.. 5.7.1 ", TestName = "Reject")]
    [TestCase("carol", "^45. 4.*try again later", TestName = "TemporaryFailure")]
    [TestCase("dave", "^451 4.3.0 100% busy, come back$", TestName = "Words of its own")]
    [TestCase("erin", "^550 5.1.1 (<erin@example.org>... )?User unknown$", TestName = "sendmail writes the recipient in front of a 550")]
    [TestCase("staff", "^250 ", TestName = "A milter that fails")]
    public async Task An_answer_is_what_the_client_gets(string name, string reply)
    {
        // Postfix has no aliases here.
        name = name == "staff" && mailer == Mailer.Postfix ? "box1" : name;
        await using var session = await _lab.ConnectAsync("203.0.113.171");
        await session.BeginAsync();

        (await session.SayAsync($"RCPT TO:<{name}@example.org>")).Should().MatchRegex(reply);
        (await session.SayAsync("RCPT TO:<alice@example.org>")).Should().StartWith("250 ", "the session goes on");
    }

    [Test]
    public async Task A_421_ends_the_session()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.172");
        await session.BeginAsync();

        (await session.SayAsync("RCPT TO:<frank@example.org>")).Should().Be("421 4.7.0 Bye");
        (await session.SayAsync("NOOP")).Should().BeNull();
    }

    private static MilterReply Answer(string what) => !what.StartsWith("rcpt <", StringComparison.Ordinal)
        ? MilterReply.Continue
        : what["rcpt <".Length..what.IndexOf('@', StringComparison.Ordinal)] switch
        {
            "bob" => MilterReply.Reject,
            "carol" => MilterReply.TemporaryFailure,
            "dave" => MilterReply.Of(451, "4.3.0", "100% busy, come back"),
            "erin" => MilterReply.Of(550, "5.1.1", "User unknown"),
            "frank" => MilterReply.Of(421, "4.7.0", "Bye"),
            "staff" or "box1" => throw new InvalidOperationException("a milter with a mistake"),
            _ => MilterReply.Continue,
        };
}
