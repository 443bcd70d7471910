using System.Text.RegularExpressions;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The rule that is the default, beside a real sendmail: who delivers is let through, who guesses is not.</summary>
[TestFixture]
internal sealed class BalanceTests
{
    private const string Provider = ProviderAndGuesser.Provider;
    private const string Guesser = ProviderAndGuesser.Guesser;

    private SendmailLab _lab = null!;

    [SetUp]
    public void StartSendmail() => _lab = SendmailLab.Start(new LabSettings { Throttle = 0 });

    [TearDown]
    public void EndSendmail() => _lab?.Dispose();

    [Test]
    public async Task A_provider_with_80_right_and_6_wrong_recipients_is_let_through_and_a_guesser_in_between_is_cut_off_at_the_fourth()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var provider = await _lab.ConnectAsync(Provider);
        await provider.SayAsync("EHLO mail.provider.example");
        await ProviderAndGuesser.MeetAsync(_lab, daemon, provider, async (first, last) =>
        {
            for (var i = first; i <= last; i++)
                await provider.MailAsync("customer@provider.example", $"box{i}@example.org");
            await _lab.HasDeliveredTo(last);
        });
    }

    [Test]
    public async Task Bounces_to_twenty_forged_names_block_nobody()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var bouncing = await _lab.ConnectAsync(Provider);
        await bouncing.SayAsync("EHLO mail.provider.example");
        for (var i = 1; i <= 20; i++)
            await bouncing.BounceAsync($"forged{i}@example.org");

        await daemon.HasJudgedAllUntilNow("203.0.113.62");
        bouncing.UnknownUsers.Should().Be(20);
        bouncing.HasEnded.Should().BeFalse();
        _lab.Drops(Provider).Should().BeFalse();
    }

    [Test]
    public async Task A_list_with_more_right_than_wrong_names_in_one_transaction_is_let_in_again_when_that_shows()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var list = await _lab.ConnectAsync(Provider);

        await list.SayAsync("EHLO lists.example");
        await list.SayAsync("MAIL FROM:<news@lists.example>");
        for (var i = 1; i <= 60; i++)
            await list.SayAsync($"RCPT TO:<box{i}@example.org>");
        await list.GuessAsync(4);

        await daemon.Says($"blocked {Provider}");
        await daemon.Says($"released {Provider}: unfounded");
        await daemon.Releases(Provider);
        // It comes again, as every mail server does.
        await using var again = await _lab.ConnectAsync(Provider);
        await again.SayAsync("EHLO lists.example");
        await again.MailAsync(
            "news@lists.example",
            [.. Enumerable.Range(1, 60).Select(i => $"box{i}@example.org"), "gone1@example.org", "gone2@example.org"]);
        again.HasEnded.Should().BeFalse();
        await daemon.HasJudgedAllUntilNow("203.0.113.63");
        _lab.Drops(Provider).Should().BeFalse();
    }

    [Test]
    public async Task It_is_let_in_again_also_where_sendmail_slows_down_at_wrong_names()
    {
        using var throttling = SendmailLab.Start(new LabSettings());
        await using var daemon = await BlockSmtpDaemon.StartAsync(throttling);
        await using var list = await throttling.ConnectAsync(Provider);
        await list.SayAsync("EHLO lists.example");
        await list.SayAsync("MAIL FROM:<news@lists.example>");
        for (var i = 1; i <= 60; i++)
            await list.SayAsync($"RCPT TO:<box{i}@example.org>");
        await list.GuessAsync(3);
        // It sleeps for a second before it looks at each of these.
        await list.SendAsync("RCPT TO:<gone4@example.org>", "RCPT TO:<box1@example.org>");

        await daemon.Says($"blocked {Provider}");
        await daemon.Says($"released {Provider}: unfounded");
    }

    // The same around each name, or the name where the log leaves out the middle.
    [TestCase("203.0.113.70", "<(+)n{0}@example.org>")]
    [TestCase("203.0.113.71", "(<same@example.org>)n{0}")]
    [TestCase("203.0.113.72", "x+<n{0}@example.org>")]
    [TestCase("203.0.113.73", "<@a+b.example:n{0}@example.org>")]
    [TestCase("203.0.113.74", "({1})n{0}({1})")]
    public async Task Who_writes_the_same_around_each_name_is_cut_off_at_the_fourth(string source, string pattern)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        for (var i = 1; i <= 20 && !session.HasEnded; i++)
        {
            await session.SayAsync(
                "RCPT TO:" + string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, i, new string('c', 103)));
            await Task.Delay(50);
        }

        session.HasEnded.Should().BeTrue();
        session.UnknownUsers.Should().BeInRange(3, 12, "the fourth answer may be cut off");
        await daemon.Blocks(source);
    }

    [Test]
    public async Task Who_has_delivered_is_known_after_a_restart()
    {
        using var folder = new Fixtures.TemporaryFolder();
        var state = $"--state-dir={folder["state"]}";
        await using (var first = await BlockSmtpDaemon.StartAsync(_lab, state))
        {
            await using var provider = await _lab.ConnectAsync(Provider);
            await provider.SayAsync("EHLO mail.provider.example");
            for (var i = 1; i <= 20; i++)
                await provider.MailAsync("customer@provider.example", $"box{i}@example.org");
            await _lab.HasDeliveredTo(20);
            await first.HasJudgedAllUntilNow("203.0.113.64");
            first.Signal("TERM");
            (await first.ExitCodeAsync()).Should().Be(0);
        }

        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, state);
        await using var again = await _lab.ConnectAsync(Provider);
        await again.BeginAsync();
        await again.GuessAsync(6, apart: TimeSpan.FromMilliseconds(50));
        await daemon.HasJudgedAllUntilNow("203.0.113.65");

        again.UnknownUsers.Should().Be(6);
        _lab.Drops(Provider).Should().BeFalse();
    }

    [Test]
    public async Task Who_has_written_to_four_users_has_no_end_of_names_for_it()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var guesser = await _lab.ConnectAsync(Guesser);
        await guesser.SayAsync("EHLO a.example");
        for (var i = 1; i <= 4; i++)
            await guesser.MailAsync("a@a.example", $"box{i}@example.org");
        await _lab.HasDeliveredTo(4);

        for (var i = 0; i < 200 && !guesser.HasEnded; i++)
        {
            await guesser.BounceAsync($"name{i}@example.org");
            await Task.Delay(10);
        }

        await daemon.Says($"blocked {Guesser}");
        guesser.UnknownUsers.Should().BeInRange(40, 150);
    }

    [TestCase("TERM")]
    [TestCase("KILL")]
    public async Task Bounces_are_bounces_after_a_restart_too(string signal)
    {
        using var folder = new Fixtures.TemporaryFolder();
        string[] options = [$"--state-dir={folder["state"]}", "--block-time=1h"];
        await using (var first = await BlockSmtpDaemon.StartAsync(_lab, options))
        {
            await using var bouncing = await _lab.ConnectAsync(Provider);
            await bouncing.SayAsync("EHLO mail.provider.example");
            for (var i = 1; i <= 8; i++)
                await bouncing.BounceAsync($"forged{i}@example.org");

            await first.HasJudgedAllUntilNow("203.0.113.66");
            // What has happened is committed within a fifth of a second.
            await Task.Delay(TimeSpan.FromSeconds(1));
            first.Signal(signal);
            await first.ExitCodeAsync();
        }

        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, options);
        await using var again = await _lab.ConnectAsync(Provider);
        await again.BeginAsync();
        await again.GuessAsync(1);
        await daemon.HasJudgedAllUntilNow("203.0.113.67");

        again.UnknownUsers.Should().Be(1);
        _lab.Drops(Provider).Should().BeFalse();
    }

    [Test]
    public async Task Who_was_blocked_is_known_after_a_restart()
    {
        using var folder = new Fixtures.TemporaryFolder();
        string[] options = ["--block-time=2s", $"--state-dir={folder["state"]}"];
        await using (var first = await BlockSmtpDaemon.StartAsync(_lab, options))
        {
            await GuessAsync(4);
            await first.Says($"blocked {Guesser}");
            await first.Says($"released {Guesser}");
            first.Signal("TERM");
            (await first.ExitCodeAsync()).Should().Be(0);
        }

        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, options);
        await GuessAsync(2);

        await daemon.Says("it has come back after a block");

        async Task GuessAsync(int names)
        {
            await using var guesser = await _lab.ConnectAsync(Guesser);
            await guesser.BeginAsync();
            await guesser.GuessAsync(names, apart: TimeSpan.FromMilliseconds(50));
        }
    }

    [Test]
    public async Task A_trial_blocks_nobody_and_then_does()
    {
        using var folder = new Fixtures.TemporaryFolder();
        await using var daemon = await BlockSmtpDaemon.StartAsync(
            _lab, "--trial=15s", "--reconcile=1s", $"--state-dir={folder["state"]}", $"--control-socket={folder["control.sock"]}");
        await using var guesser = await _lab.ConnectAsync(Guesser);
        await guesser.BeginAsync();

        await guesser.GuessAsync(8, apart: TimeSpan.FromMilliseconds(50));

        guesser.UnknownUsers.Should().Be(8, "it is only said what would happen");
        _lab.Drops(Guesser).Should().BeFalse();
        await daemon.Says($"trial: would drop the packets of {Guesser}");
        Ask("list").Should().MatchRegex(
            $@"^a trial runs until \S+ \S+ UTC: nothing is dropped, but would be\naddress .*\n{Regex.Escape(Guesser)} ");
        Ask("why", Guesser).Should().MatchRegex(@"\n  trial     runs until \S+ \S+ UTC: nothing is dropped, but would be\n");
        await daemon.Says(
            "the trial is over, from now on hosts are blocked. 1 hosts would have been blocked, none of which has delivered mail");
        await daemon.Blocks(Guesser);
        Ask("list").Should().NotContain("trial");
        Ask("status").Should().NotContain("trial");

        string Ask(params string[] words) => Fixtures.Tool.Run([.. words, $"--control-socket={folder["control.sock"]}"]).Output;
    }
}
