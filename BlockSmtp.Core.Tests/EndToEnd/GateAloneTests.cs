namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// The gate as the only thing that enforces: the daemon has no rights, so there is no firewall, and it can end no session.
/// </summary>
[TestFixture(Mailer.Sendmail, "unix:/run/blocksmtp/milter.sock")]
[TestFixture(Mailer.Postfix, "inet:8899@127.0.0.1")]
internal sealed class GateAloneTests(Mailer mailer, string milter)
{
    private SendmailLab _lab = null!;
    private BlockSmtpDaemon _daemon = null!;

    [OneTimeSetUp]
    public async Task StartDaemon()
    {
        _lab = SendmailLab.Start(new LabSettings { Mailer = mailer, Throttle = 0, Milter = milter });
        _daemon = await BlockSmtpDaemon.StartWithoutRightsAsync(
            _lab, "--policy=count", "--max-offenses=3", "--firewall=none", "--deny-text=Come back later",
            _lab.OptionFor(milter));
    }

    [OneTimeTearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _lab?.Dispose();
    }

    [Test]
    public async Task A_guesser_learns_of_no_name_that_exists_after_its_fourth_guess()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.150");
        await session.BeginAsync();
        await session.GuessAsync(4);

        session.UnknownUsers.Should().Be(4);
        var reply = await session.SayAsync("RCPT TO:<alice@example.org>");

        // sendmail has ended the session after the fourth answer, Postfix ends it with this one.
        reply.Should().Be(mailer == Mailer.Sendmail ? null : "421 4.7.0 Come back later");
        (await session.SayAsync("NOOP")).Should().BeNull();
        session.HasEnded.Should().BeTrue();
        await using var again = await _lab.ConnectAsync("203.0.113.150");
        // sendmail says so after the greeting.
        ((await again.SayAsync("EHLO client.example")) ?? again.Exchanges[0].Reply).Should().StartWith("421 ");
        await using var other = await _lab.ConnectAsync("203.0.113.151");
        (await other.SayAsync("EHLO client.example")).Should().StartWith("250");
    }

    [Test]
    public async Task One_that_pipelines_gets_no_answer_to_a_name_that_exists()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.152");
        await session.BeginAsync();
        string[] names = ["a", "b", "c", "d", "alice", "e", "bob"];

        var got = await session.PipelineAsync(
            [.. names.Select(name => $"RCPT TO:<{(name.Length > 1 ? name : "nosuch" + name)}@example.org>")]);

        got.Take(4).Should().OnlyContain(exchange => exchange.IsUnknownUser);
        got[4].Reply.Should().Be(mailer == Mailer.Sendmail ? null : "421 4.7.0 Come back later");
        got.Skip(5).Should().OnlyContain(exchange => exchange.Reply == null);
    }

    [Test]
    public async Task Behind_a_load_balancer_it_is_the_client_that_is_refused()
    {
        if (mailer == Mailer.Sendmail)
        {
            // It has no such thing; with Postfix this is tried.
            (await SaysAsync("198.51.100.150", "XCLIENT ADDR=203.0.113.153")).Should().StartWith("5");
            return;
        }

        await using var session = await BehindAsync("203.0.113.153");
        await session.BeginAsync();
        await session.GuessAsync(4);
        (await session.SayAsync("RCPT TO:<alice@example.org>")).Should().Be("421 4.7.0 Come back later");

        await using var again = await BehindAsync("203.0.113.153");
        (await again.SayAsync("EHLO client.example") ?? again.Exchanges[^2].Reply).Should().StartWith("421 ");
        await using var other = await BehindAsync("203.0.113.154");
        await other.BeginAsync();
        (await other.SayAsync("RCPT TO:<alice@example.org>")).Should().StartWith("250 ", "the load balancer itself is not blocked");
    }

    /// <summary>A session that comes through a load balancer.</summary>
    private async Task<SmtpSession> BehindAsync(string client)
    {
        var session = await _lab.ConnectAsync("198.51.100.150");
        await session.SayAsync("EHLO balancer.example");
        await session.SayAsync($"XCLIENT ADDR={client} NAME=[UNAVAILABLE]");
        return session;
    }

    private async Task<string?> SaysAsync(string source, string command)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.SayAsync("EHLO balancer.example");
        return await session.SayAsync(command);
    }
}
