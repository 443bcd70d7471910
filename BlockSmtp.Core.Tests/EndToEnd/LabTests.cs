
namespace BlockSmtp.Tests.EndToEnd;

/// <summary>What the other end-to-end tests take for granted of the lab, and of sendmail.</summary>
[TestFixture]
internal sealed class LabTests
{
    private SendmailLab _lab = null!;

    [OneTimeSetUp]
    public void StartLab() => _lab = SendmailLab.Start(new LabSettings { Throttle = 0 });

    [OneTimeTearDown]
    public void EndLab() => _lab?.Dispose();

    [TestCase("203.0.113.10", "[203.0.113.10]")]
    [TestCase("2001:db8::a:10", "[IPv6:2001:db8:0:0:0:0:a:10]")]
    public async Task An_unknown_user_is_logged_without_the_client_until_the_session_ends(string source, string relay)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();

        var told = await session.GuessAsync(1);

        told.Should().Be(1);
        await LogHas(line => line.EndsWith($"<{GuessOf(session)}>... User unknown", StringComparison.Ordinal));
        _lab.Log().Should().NotContain(line => line.Contains(relay, StringComparison.Ordinal));
        await session.QuitAsync();
        await LogHas(line => line.EndsWith($"relay={relay}", StringComparison.Ordinal));
    }

    [Test]
    public async Task Every_line_stands_in_the_logs_of_all_three_formats()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.11");
        await session.BeginAsync();
        await session.SayAsync("RCPT TO:<in-three-files@example.org>");

        foreach (var file in new[] { _lab.LogFile, _lab.LogFileIso8601, _lab.LogFileRfc5424 })
            await Eventually.IsTrue(
                () => File.ReadAllText(file).Contains("<in-three-files@example.org>... User unknown\n", StringComparison.Ordinal),
                $"{file} has the line");
    }

    [Test]
    public async Task A_known_user_is_no_unknown_user_and_gets_the_mail()
    {
        await using var session = await _lab.ConnectAsync("198.51.100.11");
        await session.BeginAsync();
        await session.SayAsync("RSET");

        await session.MailAsync("friend@friendly.example", "alice@example.org");

        session.UnknownUsers.Should().Be(0);
        await Eventually.IsTrue(() => File.Exists(Path.Combine(_lab.StateDirectory, "boxes", "alice")), "the mail is in the box");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_process_of_a_session_is_gone_after_its_client(bool politely)
    {
        await using var session = await _lab.ConnectAsync("203.0.113.12");
        await session.BeginAsync();
        await session.GuessAsync(1);
        var line = await LogHas(line => line.Contains(GuessOf(session), StringComparison.Ordinal));
        var pid = int.Parse(line.Split("sm-mta[")[1].Split(']')[0], System.Globalization.CultureInfo.InvariantCulture);
        _lab.Sessions().Should().Contain(pid);

        if (politely)
            await session.QuitAsync();
        else
            session.Abort();

        await Eventually.IsTrue(() => !_lab.Sessions().Contains(pid), "the process is gone");
    }

    [TestCase(Rotation.Rename)]
    [TestCase(Rotation.CopyTruncate)]
    public async Task A_rotated_log_goes_on_in_a_new_file(Rotation how)
    {
        var before = $"before-{how}@example.org";
        var after = $"after-{how}@example.org";
        await using var session = await _lab.ConnectAsync("203.0.113.13");
        await session.BeginAsync();
        await session.SayAsync($"RCPT TO:<{before}>");
        await LogHas(line => line.Contains(before, StringComparison.Ordinal));

        _lab.Rotate(how);
        await Eventually.IsTrue(() => File.Exists(_lab.LogFile) || how == Rotation.Rename, "the log is put aside");
        // A renamed file may take one line more before rsyslog has heard the signal.
        await Eventually.IsTrue(
            async () =>
            {
                await session.SayAsync($"RCPT TO:<{after}>");
                return File.Exists(_lab.LogFile) && File.ReadAllText(_lab.LogFile).Contains(after, StringComparison.Ordinal);
            },
            "new lines are in the new file");

        File.ReadAllText(_lab.RotatedLogFile).Should().Contain(before);
        File.ReadAllText(_lab.LogFile).Should().NotContain(before);
    }

    [Test]
    public async Task A_client_that_reads_nothing_is_served_and_logged_all_the_same()
    {
        // Not EHLO too: commands sent behind it before its reply are refused (SMTP smuggling).
        await using var session = await _lab.ConnectAsync("203.0.113.14");
        await session.SayAsync("EHLO client.example");
        await session.SendAsync("MAIL FROM:<a@b.example>", "RCPT TO:<unread1@example.org>", "RCPT TO:<unread2@example.org>");

        await LogHas(line => line.Contains("<unread2@example.org>... User unknown", StringComparison.Ordinal));

        session.Abort();
        await LogHas(line => line.EndsWith("relay=[203.0.113.14]", StringComparison.Ordinal));
        session.Close.Should().Be(SessionClose.ByClient);
    }

    [Test]
    public async Task Dropped_packets_are_silence_to_their_sender_and_nothing_to_others()
    {
        await using var session = await _lab.ConnectAsync("203.0.113.15");
        _lab.RunInside("iptables", "-w", "-I", "INPUT", "-s", "203.0.113.15", "-p", "tcp", "--dport", "25", "-j", "DROP");

        _lab.Drops("203.0.113.15").Should().BeTrue();
        (await _lab.AcceptsAsync("203.0.113.15")).Should().BeFalse();
        (await _lab.AcceptsAsync("203.0.113.16")).Should().BeTrue();

        _lab.ClearFirewall();
        _lab.Drops("203.0.113.15").Should().BeFalse();
        (await _lab.AcceptsAsync("203.0.113.15")).Should().BeTrue();
    }

    private static string GuessOf(SmtpSession session) => session.Exchanges[^1].Sent.Split('<', '>')[1];

    private async Task<string> LogHas(Predicate<string> what)
    {
        string? found = null;
        await Eventually.IsTrue(() => (found = Array.Find(_lab.Log(), what)) is not null, "the log has the line");
        return found!;
    }
}
