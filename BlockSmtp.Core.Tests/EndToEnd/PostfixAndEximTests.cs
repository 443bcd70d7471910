using System.Globalization;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>Guessers at a real Postfix and a real Exim learn as little as at a sendmail, and what serves others goes on.</summary>
[TestFixture(Mailer.Postfix)]
[TestFixture(Mailer.Exim)]
internal sealed class PostfixAndEximTests(Mailer mailer)
{
    private SendmailLab _lab = null!;
    private BlockSmtpDaemon _daemon = null!;

    [OneTimeSetUp]
    public async Task StartDaemon()
    {
        _lab = SendmailLab.Start(new LabSettings { Mailer = mailer, Tls = true });
        // They are neighbours, and each is to be looked at alone.
        _daemon = await BlockSmtpDaemon.StartAsync(_lab, "--policy=count", "--max-offenses=3", "--mailer-port=25,465,587");
    }

    [OneTimeTearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _lab?.Dispose();
    }

    [TestCase("203.0.113.130")]
    [TestCase("2001:db8::a:130")]
    public async Task One_that_holds_its_session_learns_four_names_and_its_connection_is_shut_down(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        var server = ServerOf(session);

        await session.GuessAsync(40, apart: TimeSpan.FromMilliseconds(50));

        TestContext.Out.WriteLine($"{mailer}, {source}: {session.UnknownUsers} answers");
        session.UnknownUsers.Should().BeInRange(3, 5);
        session.HasEnded.Should().BeTrue();
        session.Close.Should().NotBe(SessionClose.Silence, "the connection is shut down, whose end its client is told");
        await _daemon.Blocks(source);
        await _daemon.Says($"ended session of {source}");
        Tool.Run("why", source, $"--control-socket={_daemon.ControlSocket}").Output.Should().Contain($"the line itself, in {mailer}'s log");
        Tool.Run("why", source, "--json", $"--control-socket={_daemon.ControlSocket}").Output.Should().Contain(
            $"\"mailer\":\"{(mailer == Mailer.Postfix ? "postfix" : "exim")}\"");
        (await _lab.AcceptsAsync(source)).Should().BeFalse();
        if (mailer == Mailer.Postfix)
        {
            await LogHas($"lost connection after RCPT from unknown[{source}]");
            await Task.Delay(TimeSpan.FromSeconds(1.5)); // Longer than a signal would take to come.
            StartOf(server.Pid).Should().Be(server.Start, "it serves others too");
        }
        else
            await Eventually.IsTrue(() => StartOf(server.Pid) != server.Start, "the process of this session is gone");
    }

    [TestCase("203.0.113.140", 25)]
    [TestCase("203.0.113.141", 465)]
    [TestCase("203.0.113.142", 587)]
    [TestCase("2001:db8::a:143", 465)]
    public async Task One_that_guesses_in_TLS_learns_no_more(string source, int port)
    {
        await using var session = await _lab.ConnectAsync(source, port: port);
        if (port != 465)
        {
            await session.SayAsync("EHLO client.example");
            await session.StartTlsAsync();
        }

        await session.BeginAsync();
        var server = ServerOf(session);

        await session.GuessAsync(40, apart: TimeSpan.FromMilliseconds(50));

        TestContext.Out.WriteLine($"{mailer}, {source} at port {port}: {session.UnknownUsers} answers");
        session.UnknownUsers.Should().BeInRange(3, 5);
        session.HasEnded.Should().BeTrue();
        await _daemon.Blocks(source);
        await _daemon.Says($"ended session of {source}");
        if (mailer == Mailer.Postfix)
            StartOf(server.Pid).Should().Be(server.Start, "it serves others too");
        else
            await Eventually.IsTrue(() => StartOf(server.Pid) != server.Start, "the process of this session is gone");
    }

    [Test]
    public async Task One_that_takes_its_time()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.144");
        await session.BeginAsync();

        await session.GuessAsync(6, apart: TimeSpan.FromSeconds(1.2));

        // The mail server logs before it answers: the session may have ended by then.
        session.UnknownUsers.Should().BeInRange(3, 4, "it is blocked long before it asks again");
        session.HasEnded.Should().BeTrue();
    }

    [Test]
    public async Task A_bystander_that_delivers_mail_meanwhile_is_let_through()
    {
        await using var guesser = await _lab.ConnectAsync("203.0.113.131");
        await guesser.BeginAsync();
        await using var bystander = await _lab.ConnectAsync("198.51.100.131");
        await bystander.SayAsync("EHLO friendly.example");
        await bystander.MailAsync("friend@friendly.example", "alice@example.org");
        await guesser.GuessAsync(40, apart: TimeSpan.FromMilliseconds(50));
        await _daemon.Blocks("203.0.113.131");

        await bystander.MailAsync("friend@friendly.example", "bob@example.org", "no-such-name@example.org", "carol@example.org");

        bystander.Exchanges[^1].Reply.Should().StartWith("250 ", "its message is taken");
        bystander.UnknownUsers.Should().Be(1);
        await bystander.QuitAsync();
        foreach (var user in new[] { "alice", "bob", "carol" })
            await Eventually.IsTrue(() => File.Exists(Path.Combine(_lab.StateDirectory, "boxes", user)), $"{user} has the mail");
        _lab.Drops("198.51.100.131").Should().BeFalse();
        (await _lab.AcceptsAsync("198.51.100.131")).Should().BeTrue();
    }

    [TestCase("203.0.113.132")]
    [TestCase("2001:db8::a:132")]
    public async Task One_that_is_as_fast_as_it_can_be(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        await session.GuessAsync(6);
        await session.QuitAsync();

        await _daemon.Blocks(source);
    }

    [Test]
    public async Task One_that_pipelines()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.133");
        await session.BeginAsync();
        await session.PipelineAsync([.. Enumerable.Range(1, 8).Select(i => $"RCPT TO:<pipelined{i}@example.org>")]);
        await session.QuitAsync();

        await _daemon.Blocks("203.0.113.133");
    }

    [Test]
    public async Task One_that_guesses_once_in_each_of_several_sessions_which_one_process_may_serve()
    {
        for (var i = 0; i < 4; i++)
        {
            await using var session = await _lab.ConnectAsync("203.0.113.134");
            await session.BeginAsync();
            await session.GuessAsync(1);
            await session.QuitAsync();
            await using var other = await _lab.ConnectAsync("198.51.100.134");
            await other.BeginAsync();
            await other.SayAsync("RCPT TO:<alice@example.org>");
            await other.QuitAsync();
        }

        await _daemon.Blocks("203.0.113.134");
        _lab.Drops("198.51.100.134").Should().BeFalse();
    }

    [Test]
    public async Task One_that_holds_several_sessions_at_once_loses_them_all_and_others_keep_theirs()
    {
        await using var other = await _lab.ConnectAsync("198.51.100.135");
        var sessions = new List<SmtpSession>();
        for (var i = 0; i < 4; i++)
            sessions.Add(await _lab.ConnectAsync("203.0.113.135"));
        foreach (var session in sessions)
        {
            await session.BeginAsync();
            await session.GuessAsync(1);
        }

        await _daemon.Blocks("203.0.113.135");
        foreach (var session in sessions)
            await session.WaitForEndAsync(TimeSpan.FromSeconds(20));

        sessions.Should().OnlyContain(session => session.HasEnded);
        (await other.SayAsync("NOOP")).Should().StartWith("250 ");
        sessions.ForEach(session => session.Abort());
    }

    [Test]
    public async Task Who_asks_for_names_elsewhere_guesses_nothing()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.136");
        await session.BeginAsync();
        for (var i = 0; i < 6; i++)
            await session.SayAsync($"RCPT TO:<somebody{i}@elsewhere.example>");
        await session.QuitAsync();

        await _daemon.HasJudgedAllUntilNow("203.0.113.137");

        session.Exchanges.Should().Contain(exchange => exchange.Reply!.StartsWith('5'), "relaying is denied");
        _lab.Drops("203.0.113.136").Should().BeFalse();
    }

    /// <summary>The process that serves a session: the one at the server's end of its connection.</summary>
    private (int Pid, string? Start) ServerOf(SmtpSession session)
    {
        // users:(("smtpd",pid=8515,fd=9))
        var socket = _lab.RunInside("ss", "-Htnp", "state", "established", "dport", $"= :{session.Port}");
        var pid = int.Parse(socket.Split("pid=")[1].Split(',')[0], CultureInfo.InvariantCulture);
        _lab.Sessions().Should().Contain(pid);
        return (pid, StartOf(pid));
    }

    /// <summary>When a process began, which tells it from a later one of the same number; null when there is none.</summary>
    private static string? StartOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ')[20];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private Task LogHas(string text) =>
        Eventually.IsTrue(() => _lab.Log().Any(line => line.Contains(text, StringComparison.Ordinal)), $"the log says '{text}'");
}
