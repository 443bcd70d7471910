using System.Net;
using BlockSmtp.Control;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The gate, asked by a real sendmail and a real Postfix: what a guesser learns, and that mail never depends on it.</summary>
[TestFixture(Mailer.Sendmail, "unix:/run/blocksmtp/milter.sock")]
[TestFixture(Mailer.Sendmail, "inet:8899@127.0.0.1")]
[TestFixture(Mailer.Postfix, "inet:8899@127.0.0.1")]
internal sealed class GateTests(Mailer mailer, string milter)
{
    private SendmailLab _lab = null!;
    private BlockSmtpDaemon _daemon = null!;

    [OneTimeSetUp]
    public async Task StartDaemon()
    {
        _lab = SendmailLab.Start(new LabSettings { Mailer = mailer, Throttle = 0, Milter = milter, Tls = true });
        _daemon = await StartAsync();
    }

    [OneTimeTearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _lab?.Dispose();
    }

    [TestCase("203.0.113.60")]
    [TestCase("2001:db8::a:60")]
    public async Task Who_holds_its_session_gets_no_answer_to_a_fifth_guess(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();

        await session.GuessAsync(40);

        session.UnknownUsers.Should().BeInRange(3, 4);
        session.HasEnded.Should().BeTrue();
        (await RepliesToAsync(source)).Should().StartWith("421 ", "a mail server has words of its own for it, whatever the milter says");
    }

    [TestCase("203.0.113.61")]
    public async Task Who_pipelines_a_hundred_gets_four_answers_and_learns_of_no_name_behind_them(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();

        await session.PipelineAsync([.. Enumerable.Range(1, 100).Select(i =>
            i > 4 && i % 2 == 0 ? "RCPT TO:<alice@example.org>" : $"RCPT TO:<guess{i}@example.org>")]);

        session.UnknownUsers.Should().BeLessThanOrEqualTo(4, "sendmail sends what was answered in one go, or is ended before");
        session.Exchanges.Where(exchange => exchange.Sent.Contains("alice", StringComparison.Ordinal))
            .Should().HaveCount(48).And.OnlyContain(exchange => exchange.Reply == null);
        session.HasEnded.Should().BeTrue();
    }

    [Test]
    public async Task Who_makes_one_guess_a_session_is_turned_away_at_the_fifth()
    {
        var told = 0;
        for (var i = 0; i < 8; i++)
        {
            await using var session = await _lab.ConnectAsync("203.0.113.62");
            await session.BeginAsync();
            told += await session.GuessAsync(1);
            await session.QuitAsync();
        }

        told.Should().BeInRange(3, 4);
        (await RepliesToAsync("203.0.113.62")).Should().StartWith("421 ");
    }

    [Test]
    public async Task Who_begins_anew_behind_TLS_gets_no_answer_more()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.68");
        await session.BeginAsync();
        await session.GuessAsync(2);
        // No mail server takes it within a transaction.
        await session.SayAsync("RSET");
        await session.StartTlsAsync();
        await session.BeginAsync();

        await session.GuessAsync(40);

        session.UnknownUsers.Should().BeInRange(3, 4);
        session.HasEnded.Should().BeTrue();
        (await RepliesToAsync("203.0.113.68")).Should().StartWith("421 ");
    }

    [Test]
    public async Task A_name_that_exists_gets_the_words_of_this_site_once_its_client_is_blocked()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.67");
        await session.BeginAsync();
        await using (var control = await ControlClient.ConnectAsync(_daemon.ControlSocket))
            await control.BlockAsync(IPNetwork.Parse("203.0.113.67/32"));

        var reply = await session.SayAsync("RCPT TO:<alice@example.org>");

        // The session may have been ended before.
        (reply ?? "421 4.7.0 Come back later").Should().Be("421 4.7.0 Come back later");
        session.HasEnded.Should().BeTrue();
    }

    [TestCase(20, "203.0.113.66")]
    [TestCase(60, "203.0.113.69")]
    public async Task Who_guesses_in_many_sessions_at_once_learns_of_no_more_names(int count, string source)
    {
        // Postfix takes no more of one client at a time (smtpd_client_connection_count_limit).
        if (mailer == Mailer.Postfix)
            count = Math.Min(count, 50);
        var sessions = new List<SmtpSession>();
        for (var i = 0; i < count; i++)
        {
            sessions.Add(await _lab.ConnectAsync(source));
            await sessions[i].BeginAsync();
        }

        await Task.WhenAll(sessions.Select(session => session.GuessAsync(3)));

        sessions.Sum(session => session.UnknownUsers).Should().BeLessThanOrEqualTo(5);
        sessions.Should().OnlyContain(session => session.HasEnded);
        sessions.ForEach(session => session.Abort());
    }

    [Test]
    public async Task What_the_log_tells_of_the_same_guesses_counts_no_more()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.63");
        await session.BeginAsync();
        await session.GuessAsync(1);
        await session.SayAsync("RCPT TO:<alice@example.org>");
        await session.GuessAsync(2);
        await session.QuitAsync();
        var end = mailer == Mailer.Postfix ? "disconnect from " : "from=<";
        await Eventually.IsTrue(
            () => _lab.Log().Any(line =>
                line.Contains(end, StringComparison.Ordinal) && line.Contains("[203.0.113.63]", StringComparison.Ordinal)),
            "it is logged");

        // A later one is judged after it, whichever way it is told.
        await using var later = await _lab.ConnectAsync("203.0.113.64");
        await later.BeginAsync();
        await later.GuessAsync(4);
        await _daemon.Says("203.0.113.64");
        await Task.Delay(TimeSpan.FromMilliseconds(300));

        _daemon.Output.Should().NotContain(line =>
            line.Contains("203.0.113.63 ", StringComparison.Ordinal) && line.Contains("blocked", StringComparison.Ordinal));
        (await RepliesToAsync("203.0.113.63")).Should().StartWith("220 ");
    }

    [Test]
    public async Task Mail_is_taken_whether_the_gate_hangs_or_is_dead_and_it_is_asked_again_when_it_is_back()
    {
        _daemon.Signal("STOP");
        try
        {
            await Delivers("198.51.100.60");
        }
        finally
        {
            _daemon.Signal("CONT");
        }

        await Delivers("198.51.100.64");
        await using (var session = await _lab.ConnectAsync("198.51.100.61"))
        {
            await session.SayAsync("EHLO client.example");
            await session.SayAsync("MAIL FROM:<a@b.example>");
            await _daemon.DisposeAsync();
            (await session.SayAsync("RCPT TO:<alice@example.org>"))
                .Should().StartWith("250 ", "it has died in the middle of the transaction");
        }

        await Delivers("198.51.100.62");
        _daemon = await StartAsync();
        await Delivers("198.51.100.63");
        await Who_holds_its_session_gets_no_answer_to_a_fifth_guess("203.0.113.65");
    }

    private Task<BlockSmtpDaemon> StartAsync() => BlockSmtpDaemon.StartAsync(
        _lab, "--policy=count", "--max-offenses=3", "--firewall=none", "--deny-text=Come back later",
        _lab.OptionFor(milter));

    /// <summary>What an address is greeted with.</summary>
    private async Task<string?> RepliesToAsync(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        var greeting = session.Exchanges[0].Reply;
        if (greeting?.StartsWith("220", StringComparison.Ordinal) != true)
            return greeting;
        return await session.SayAsync("EHLO client.example") is { } reply && !reply.StartsWith('2') ? reply : greeting;
    }

    private async Task Delivers(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.SayAsync("EHLO client.example");
        await session.MailAsync("friend@sender.example", "alice@example.org");
        session.Exchanges[^1].Reply.Should().StartWith("250 ", string.Join('\n', session.Exchanges));
    }
}
