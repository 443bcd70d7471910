namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// With <c>--deny=alike</c> a guesser cannot tell who exists: a real mail server answers every name in the same
/// words, and the session goes on.
/// </summary>
[TestFixture(Mailer.Sendmail, "unix:/run/blocksmtp/milter.sock")]
[TestFixture(Mailer.Postfix, "inet:8899@127.0.0.1")]
internal sealed class GateAlikeTests(Mailer mailer, string milter)
{
    private SendmailLab _lab = null!;
    private BlockSmtpDaemon _daemon = null!;
    private int _lastHost = 160;

    [OneTimeSetUp]
    public async Task StartDaemon()
    {
        _lab = SendmailLab.Start(new LabSettings { Mailer = mailer, Throttle = 0, Milter = milter });
        _daemon = await BlockSmtpDaemon.StartAsync(
            _lab, "--policy=count", "--max-offenses=3", "--firewall=none", "--deny=alike",
            _lab.OptionFor(milter));
    }

    [OneTimeTearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _lab?.Dispose();
    }

    [TestCase("RCPT TO:<NAME@example.org>")]
    [TestCase("RCPT TO:<NAME@EXAMPLE.ORG>")]
    [TestCase("RCPT TO: <NAME@example.org>")]
    [TestCase("RCPT TO:NAME@example.org")]
    [TestCase("RCPT TO:<NAME>")]
    [TestCase("RCPT TO:NAME")]
    [TestCase("RCPT TO:<\"NAME\"@example.org>")]
    [TestCase("RCPT TO:<NAME@example.org> NOTIFY=NEVER")]
    [TestCase("RCPT TO:<NAME+tag@example.org>")]
    public async Task A_name_that_exists_is_answered_as_one_that_does_not(string line)
    {
        var source = $"203.0.113.{_lastHost++}";
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        await session.GuessAsync(4);

        var wrong = await session.SayAsync(line.Replace("NAME", "zacks", StringComparison.Ordinal));
        var right = await session.SayAsync(line.Replace("NAME", "alice", StringComparison.Ordinal));

        wrong.Should().StartWith("550 5.1.1 ").And.Contain("zacks");
        right.Should().Be(wrong!.Replace("zacks", "alice", StringComparison.Ordinal));
        (await session.SayAsync("NOOP")).Should().StartWith("250 ", "the session goes on");
        await session.QuitAsync();
        await using var again = await _lab.ConnectAsync(source);
        await again.BeginAsync();
        (await again.SayAsync("RCPT TO:<bob@example.org>")).Should().StartWith("550 5.1.1 ", "it is no other the next time");
    }
}
