using System.Net.Sockets;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>Who guesses names is blocked, however it goes about it and however sendmail is configured.</summary>
[TestFixtureSource(nameof(Configurations))]
internal sealed class GuessersTests(LabSettings settings)
{
    private static readonly LabSettings[] Configurations =
    [
        new() { LogLevel = 9, Throttle = 0 },
        new() { LogLevel = 9, Throttle = 3 },
        new() { LogLevel = 14, Throttle = 0, DualStack = true },
    ];

    private SendmailLab _lab = null!;
    private BlockSmtpDaemon _daemon = null!;

    [OneTimeSetUp]
    public async Task StartDaemon()
    {
        _lab = SendmailLab.Start(settings);
        // They are neighbours, and each is to be looked at alone.
        _daemon = await BlockSmtpDaemon.StartAsync(_lab, "--policy=count", "--max-offenses=3");
    }

    [OneTimeTearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _lab?.Dispose();
    }

    [TestCase("203.0.113.30")]
    [TestCase("2001:db8::a:30")]
    public async Task One_that_holds_its_session_learns_little_and_is_cut_off(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();

        await session.GuessAsync(40, apart: TimeSpan.FromMilliseconds(50));

        session.UnknownUsers.Should().BeInRange(3, 5);
        session.HasEnded.Should().BeTrue();
        await _daemon.Blocks(source);
        (await _lab.AcceptsAsync(source)).Should().BeFalse();
    }

    [TestCase("203.0.113.31")]
    [TestCase("2001:db8::a:31")]
    public async Task One_that_is_as_fast_as_it_can_be(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        await session.GuessAsync(6);
        await session.QuitAsync();

        await _daemon.Blocks(source);
    }

    [Test]
    public async Task One_that_takes_its_time()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.32");
        await session.BeginAsync();

        await session.GuessAsync(10, apart: TimeSpan.FromMilliseconds(700));

        session.UnknownUsers.Should().BeInRange(3, 5);
        session.HasEnded.Should().BeTrue();
        await _daemon.Blocks("203.0.113.32");
    }

    [Test]
    public async Task One_that_pipelines()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.33");
        await session.BeginAsync();
        await session.PipelineAsync([.. Guesses("pipelined", 8)]);
        await session.QuitAsync();

        await _daemon.Blocks("203.0.113.33");
    }

    [Test]
    public async Task One_that_pipelines_and_is_gone_without_reading_a_reply()
    {
        var session = await _lab.ConnectAsync("203.0.113.34");
        await session.BeginAsync();
        await session.SendAsync([.. Guesses("unread", 8)]);
        await Eventually.IsTrue(
            () => _lab.Log().Count(line => line.Contains("<unread", StringComparison.Ordinal)) >= 4, "sendmail has served four of them");
        session.Abort();

        await _daemon.Blocks("203.0.113.34");
    }

    [Test]
    public async Task One_that_drops_the_connection_after_its_last_guess()
    {
        var session = await _lab.ConnectAsync("203.0.113.35");
        await session.BeginAsync();
        await session.GuessAsync(4);
        session.Abort();

        await _daemon.Blocks("203.0.113.35");
    }

    [TestCase("203.0.113.36", 4, 1)]
    [TestCase("203.0.113.37", 2, 2)]
    [TestCase("2001:db8::a:36", 4, 1)]
    public async Task One_that_guesses_little_in_each_of_several_sessions(string source, int sessions, int guesses)
    {
        for (var i = 0; i < sessions; i++)
        {
            await using var session = await _lab.ConnectAsync(source);
            await session.BeginAsync();
            await session.GuessAsync(guesses);
            await session.QuitAsync();
        }

        await _daemon.Blocks(source);
    }

    [Test]
    public async Task One_that_holds_several_sessions_at_once_loses_them_all()
    {
        var sessions = new List<SmtpSession>();
        for (var i = 0; i < 4; i++)
            sessions.Add(await _lab.ConnectAsync("203.0.113.38"));
        foreach (var session in sessions)
        {
            await session.BeginAsync();
            await session.GuessAsync(1);
        }

        await _daemon.Blocks("203.0.113.38");
        foreach (var session in sessions)
            await session.WaitForEndAsync(TimeSpan.FromSeconds(20));

        sessions.Should().OnlyContain(session => session.HasEnded);
        sessions.ForEach(session => session.Abort());
    }

    [Test]
    public async Task One_that_leaves_the_angle_brackets_out()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.39");
        await session.BeginAsync();
        for (var i = 0; i < 4; i++)
            await session.SayAsync($"RCPT TO:bare{i}");

        await _daemon.Blocks("203.0.113.39");
    }

    [Test]
    public async Task One_that_begins_a_new_message_for_each_guess()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.40");
        await session.BeginAsync();
        for (var i = 0; i < 10; i++)
        {
            await session.GuessAsync(1);
            await session.SayAsync("RSET");
            await session.SayAsync("MAIL FROM:<again@sender.example>");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        session.UnknownUsers.Should().BeInRange(3, 5);
        session.HasEnded.Should().BeTrue();
        await _daemon.Blocks("203.0.113.40");
    }

    [Test]
    public async Task One_that_is_refused_by_the_access_map()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.41");
        await session.BeginAsync();
        for (var i = 0; i < 4; i++)
            await session.SayAsync("RCPT TO:<gone@example.org>");
        await session.QuitAsync();

        await _daemon.Blocks("203.0.113.41");
    }

    [Test]
    public async Task One_that_is_known_by_name()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.20");
        await session.BeginAsync();
        await session.GuessAsync(4);

        await _daemon.Blocks("203.0.113.20");
    }

    [Test]
    public async Task An_address_is_blocked_in_the_tables_of_its_own_family_only()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.42");
        await session.BeginAsync();
        await session.GuessAsync(4);
        await _daemon.Blocks("203.0.113.42");

        _lab.Rules(AddressFamily.InterNetwork).Should().ContainSingle(rule => rule.Contains("203.0.113.42", StringComparison.Ordinal))
            .Which.Should().Be($"-A {BlockSmtpDaemon.Chain} -s 203.0.113.42/32 -p tcp -m tcp --dport 25 -j DROP");
        _lab.Rules(AddressFamily.InterNetworkV6).Should().NotContain(rule => rule.Contains("203.0.113", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Guesses(string name, int count) =>
        Enumerable.Range(1, count).Select(i => $"RCPT TO:<{name}{i}@example.org>");
}
