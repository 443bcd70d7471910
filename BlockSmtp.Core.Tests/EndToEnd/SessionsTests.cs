namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A blocked host's sessions end, and so do sessions that are stuck: a daemon slot is for those who send mail.</summary>
[TestFixture]
internal sealed class SessionsTests
{
    [Test]
    public async Task The_slots_of_blocked_hosts_are_free_again()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0, MaxChildren = 3 });
        await using var daemon = await BlockSmtpDaemon.StartAsync(lab);
        string[] guessers = ["203.0.113.50", "203.0.113.51", "203.0.113.52"];
        var sessions = new List<SmtpSession>();
        foreach (var guesser in guessers)
            sessions.Add(await lab.ConnectAsync(guesser));
        (await lab.AcceptsAsync("198.51.100.50")).Should().BeFalse("all three slots are taken");

        foreach (var session in sessions)
        {
            await session.BeginAsync();
            await session.GuessAsync(10, apart: TimeSpan.FromMilliseconds(50));
        }

        foreach (var guesser in guessers)
            await daemon.Blocks(guesser);
        await Eventually.IsTrue(() => lab.Sessions().Length == 0, "their processes are gone");
        // sendmail looks only every 15 seconds whether it has a slot again.
        await Eventually.IsTrue(() => lab.AcceptsAsync("198.51.100.50"), "others are served again", TimeSpan.FromSeconds(40));
        sessions.ForEach(session => session.Abort());
    }

    [Test]
    public async Task A_blocked_host_s_session_leaves_its_address_in_the_log_and_no_process()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0 });
        await using var daemon = await BlockSmtpDaemon.StartAsync(lab);
        await using var session = await lab.ConnectAsync("203.0.113.53");
        await session.BeginAsync();

        await session.GuessAsync(4);

        await daemon.Blocks("203.0.113.53");
        await Eventually.IsTrue(() => lab.Sessions().Length == 0, "the process is gone");
        lab.Log().Should().Contain(
            line => line.EndsWith("relay=[203.0.113.53]", StringComparison.Ordinal), "the gentle end lets sendmail write who it was");
        await daemon.Says("ended session of 203.0.113.53");
    }

    [Test]
    public async Task A_session_stuck_in_cmd_read_ends_and_a_busy_one_beside_it_goes_on()
    {
        using var lab = SendmailLab.Start();
        await using var daemon = await BlockSmtpDaemon.StartAsync(lab, "--max-cmd-read=2s");
        await using var stuck = await lab.ConnectAsync("198.51.100.51");
        await using var busy = await lab.ConnectAsync("198.51.100.52");
        await stuck.SayAsync("EHLO client.example");
        await busy.SayAsync("EHLO client.example");

        var end = stuck.WaitForEndAsync(TimeSpan.FromSeconds(30));
        while (!end.IsCompleted)
        {
            await busy.SayAsync("NOOP");
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        stuck.HasEnded.Should().BeTrue();
        (await busy.SayAsync("NOOP")).Should().StartWith("250 ");
        lab.Drops("198.51.100.51").Should().BeFalse("it was slow, it did not guess");
        Directory.Exists($"/proc/{lab.DaemonPid}").Should().BeTrue("the listening daemon is in nobody's way");
    }

    [Test]
    public async Task A_mail_server_in_another_network_namespace_keeps_its_sessions()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0 });
        using var other = SendmailLab.Start();
        await using var daemon = await BlockSmtpDaemon.StartAsync(lab);
        await using var elsewhere = await other.ConnectAsync("203.0.113.54");
        await using var session = await lab.ConnectAsync("203.0.113.54");
        await session.BeginAsync();

        await session.GuessAsync(4);

        await daemon.Blocks("203.0.113.54");
        await session.WaitForEndAsync(TimeSpan.FromSeconds(20));
        (await elsewhere.SayAsync("NOOP")).Should().StartWith("250 ", "that server's log is not followed and its network not this one");
    }
}
