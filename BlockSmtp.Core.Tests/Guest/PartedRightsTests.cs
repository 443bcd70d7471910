using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// The daemon and its helper under the packaged units: what each can do to the machine once somebody has taken it over, by
/// one program run in both places.
/// </summary>
[NonParallelizable]
internal sealed class PartedRightsTests
{
    // Perl is there with sendmail. The numbers of calls are those of x64 and of arm64, which share the newer ones.
    private const string Attacks = """
        #!/usr/bin/perl
        use strict;
        my ($victim) = do { open(my $f, '<', '/run/victim') or die; <$f> }; chomp $victim;
        my $arm = `uname -m` =~ /aarch64/;
        my %done;
        sub try_it { my ($name, $worked) = @_; $done{$name} = $worked ? 'done' : 'refused' }
        try_it('file in /root', open(my $made, '>', '/root/made'));
        try_it('file in /etc', open(my $more, '>', '/etc/made'));
        try_it('memory', open(my $memory, '+<', "/proc/$victim/mem"));
        try_it('ptrace', syscall($arm ? 117 : 101, 16, $victim + 0, 0, 0) == 0);
        my ($text, $address) = ('x' x 8, 4096);
        my $vector = pack('PQ', $text, 8);
        syscall($arm ? 271 : 311, $victim + 0, $vector, 1, pack('QQ', $address, 8), 1, 0); my $error = $! + 0;
        try_it('process_vm_writev', $error != 1);
        my $process = syscall(434, $victim + 0, 0);
        try_it('descriptor', $process >= 0 && syscall(438, $process, 0, 0) >= 0);
        use Socket; try_it('network', socket(my $inet, AF_INET, SOCK_STREAM, 0));
        try_it('kill', kill('URG', $victim));
        try_it('pidfd_send_signal', $process >= 0 && syscall(424, $process, 23, 0, 0) == 0);
        print map { "attack: $_: $done{$_}\n" } sort keys %done;
        """;

    private DebianGuest _guest = null!;

    [OneTimeSetUp]
    public async Task Boot()
    {
        _guest = new DebianGuest();
        _guest.Run("apt-get", "-y", "--no-install-recommends", "install", "sendmail-bin");
        _guest.OpenMailServer();
        _guest.Install(GuestSetup.OldPackage);
        await _guest.IsActive();
        _guest.Shell("systemd-run --quiet --unit=victim sleep 86400; systemctl show --value --property MainPID victim >/run/victim");
        await File.WriteAllTextAsync(Path.Combine(TestContext.CurrentContext.WorkDirectory, "attacks"), Attacks);
        _guest.Copy(Path.Combine(TestContext.CurrentContext.WorkDirectory, "attacks"));
        _guest.Shell("install -m 755 /root/attacks /usr/local/bin/attacks");
    }

    [OneTimeTearDown]
    public void PowerOff()
    {
        _guest?.Dispose();
        File.Delete(Path.Combine(TestContext.CurrentContext.WorkDirectory, "attacks"));
    }

    [Test, Order(0)]
    public void Somebody_who_may_not_read_the_journal_hears_so()
    {
        var (code, output, _) = _guest.Try("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "blocksmtp", "check");

        output.Should().MatchRegex(@"(?m)^\? +log +there is no '/var/log/mail\.log', and no journal that this user may read: ");
        code.Should().Be(77);
    }

    [Test, Order(1)]
    public async Task A_held_session_is_blocked_and_ended()
    {
        await using var session = await _guest.ConnectAsync("203.0.113.30");
        await session.BeginAsync("someone@mail1.example.org");
        for (var i = 0; i < 4; i++)
            await session.SayAsync($"RCPT TO:<held{i}@mail1.example.org>");

        await _guest.Blocks("203.0.113.30");
        await Eventually.IsTrue(
            () => _guest.Said().Contains("ended session of 203.0.113.30", StringComparison.Ordinal),
            $"its session is ended; the service said:\n{_guest.Said()}",
            TimeSpan.FromMinutes(1));
        _guest.Shell("systemctl is-active blocksmtp-sessions.socket blocksmtp-sessions.service");
        _guest.Shell("grep '^CapBnd:' /proc/$(systemctl show --value --property MainPID blocksmtp)/status")
            .Should().Contain("0000000000001004", "it has CAP_NET_ADMIN and CAP_DAC_READ_SEARCH");
        _guest.Shell("ps -o comm= -p $(systemctl show --value --property MainPID blocksmtp)").Trim()
            .Should().Be("blocksmtp", "whoever looks for it looks for this, also after it has begun anew");
    }

    [Test, Order(2)]
    public void Without_restrictions_each_attack_is_done()
    {
        var done = Results(_guest.Run("systemd-run", "--quiet", "--wait", "--pipe", "/usr/local/bin/attacks"));

        done.Values.Should().AllBe("done", "an attack that fails anywhere would show nothing");
        _guest.Shell("rm -f /root/made /etc/made");
    }

    [Test, Order(3)]
    public async Task Who_has_taken_the_daemon_over_can_touch_no_other_process_and_write_nowhere()
    {
        // What an event starts is in the daemon's place: it has its rights, its file system and its filter.
        _guest.Shell("""
            printf '#!/bin/sh\n/usr/local/bin/attacks >/run/blocksmtp/attacks.new 2>&1; mv /run/blocksmtp/attacks.new /run/blocksmtp/attacks\n' >/usr/local/bin/on-event
            chmod 755 /usr/local/bin/on-event
            echo 'on-event = /usr/local/bin/on-event' >>/etc/blocksmtp/blocksmtp.conf
            systemctl restart blocksmtp
            blocksmtp block 203.0.113.31
            """);
        await Eventually.IsTrue(
            () => _guest.Try("test", "-e", "/run/blocksmtp/attacks").ExitCode == 0,
            $"the program has run; the service said:\n{_guest.Said()}",
            TimeSpan.FromMinutes(1));
        var results = Results(_guest.Run("cat", "/run/blocksmtp/attacks"));

        // The daemon serves its figures, so a socket it may make.
        results.Remove("network").Should().BeTrue();
        // Whose a process is a unit's filter cannot say; the daemon has Landlock refuse it.
        if (!Landlock.ScopesSignals)
            results.Remove("kill").Should().BeTrue();
        results.Values.Should().AllBe("refused", string.Join(", ", results));
    }

    [Test, Order(4)]
    public void Who_has_taken_the_helper_over_can_write_nowhere_and_into_no_process_and_reach_no_network()
    {
        _guest.Shell("""
            mkdir -p /etc/systemd/system/blocksmtp-sessions.service.d
            printf '[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart=/usr/local/bin/attacks\n' >/etc/systemd/system/blocksmtp-sessions.service.d/attacks.conf
            systemctl daemon-reload
            systemctl stop blocksmtp-sessions.service
            systemctl start blocksmtp-sessions.service
            """);
        var results = Results(_guest.Run("journalctl", "--no-pager", "--output=cat", "--unit=blocksmtp-sessions"));

        // For these it is there, and it says so.
        results.Remove("descriptor", out var descriptor).Should().BeTrue();
        results.Remove("pidfd_send_signal", out var signal).Should().BeTrue();
        (descriptor, signal).Should().Be(("done", "done"));
        results.Values.Should().AllBe("refused", string.Join(", ", results));
    }

    private static Dictionary<string, string> Results(string printed)
    {
        var results = printed.Split('\n')
            .Select(line => line.Split(": "))
            .Where(words => words is ["attack", _, _])
            .GroupBy(words => words[1])
            .ToDictionary(group => group.Key, group => group.Last()[2]);
        results.Should().HaveCount(9, printed);
        return results;
    }
}
