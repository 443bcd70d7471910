using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// What happens to guesses while the package is upgraded: those of the time without a daemon count, those before it count once.
/// </summary>
[TestFixture("journal"), TestFixture("file"), NonParallelizable]
public sealed class UpgradeTests(string log)
{
    private const string Blocked = "203.0.113.30", Three = "203.0.113.31", Four = "203.0.113.32";

    private DebianGuest _guest = null!;

    [SetUp]
    public void Boot()
    {
        _guest = new DebianGuest();
        _guest.Install(GuestSetup.OldPackage, log == "file" ? ["rsyslog", "sendmail-bin"] : ["sendmail-bin"]);
        _guest.OpenMailServer();
    }

    [TearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test]
    public async Task Guesses_while_no_daemon_runs_count_and_none_counts_twice()
    {
        await _guest.IsActive();
        // The log file is there since sendmail wrote to it, which was after the start: a daemon without a name for it looks at its start.
        _guest.Shell("systemctl restart blocksmtp");
        await _guest.IsActive();
        _guest.Said().Should().Contain(log == "file" ? "following /var/log/mail.log" : "the journal is followed");
        await _guest.GuessUntilBlockedAsync(Blocked);
        await _guest.Blocks(Blocked);
        await _guest.GuessAsync(Three, 2);
        await _guest.GuessAsync(Four, 2);
        await Knows(Three, "2 wrong guesses");
        await Knows(Four, "2 wrong guesses");

        // Between the end of the old program and the start of the new one.
        _guest.Shell("""
            mkdir -p /run/systemd/system/blocksmtp.service.d
            printf '[Service]\nExecStartPre=+/bin/sh -c "until [ -e /run/go-on ]; do sleep 0.1; done"\n' >/run/systemd/system/blocksmtp.service.d/wait.conf
            systemctl daemon-reload
            """);
        var upgrade = Task.Run(() => _guest.Install(GuestSetup.NewPackage));
        await Eventually.IsTrue(
            () => _guest.Property("SubState") == "start-pre",
            "the old program has ended and the new one is to start",
            TimeSpan.FromMinutes(2));
        _guest.Run("dpkg-query", "-W", "-f", "${Version}", "blocksmtp").Should().Be(GuestSetup.NewVersion);
        _guest.Rules().Should().BeEmpty("no daemon runs");
        await _guest.GuessAsync(Three, 1);
        await _guest.GuessAsync(Four, 2);
        _guest.Shell("touch /run/go-on");
        await upgrade;

        await _guest.IsActive();
        await _guest.Blocks(Blocked);
        await _guest.Blocks(Four);
        await Knows(Three, "3 wrong guesses");
        _guest.Drops(Three).Should().BeFalse();
        await _guest.GuessAsync(Three, 1);
        await _guest.Blocks(Three);
    }

    private Task Knows(string host, string what) => Eventually.IsTrue(
        () => _guest.Run("blocksmtp", "why", host).Contains(what, StringComparison.Ordinal),
        $"{host} has made {what}; it is said:\n{_guest.Run("blocksmtp", "why", host)}",
        TimeSpan.FromMinutes(1));
}
