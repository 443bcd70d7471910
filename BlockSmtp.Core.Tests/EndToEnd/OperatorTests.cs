using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>An administrator at work while others go on guessing: each command against the real daemon with real rules.</summary>
[TestFixture]
internal sealed class OperatorTests
{
    private const string Customer = "203.0.113.60";

    private SendmailLab _lab = null!;
    private TemporaryFolder _folder = null!;
    private BlockSmtpDaemon _daemon = null!;
    private CancellationTokenSource _end = null!;
    private Task _attack = null!;

    [OneTimeSetUp]
    public async Task StartAttack()
    {
        _lab = SendmailLab.Start(new LabSettings { Throttle = 0 });
        _folder = new TemporaryFolder();
        _folder.Write("blocksmtp.conf", "max-offenses = 3\n");
        _daemon = await BlockSmtpDaemon.StartAsync(_lab, $"--config={_folder["blocksmtp.conf"]}", $"--state-dir={_folder["state"]}");
        _end = new CancellationTokenSource();
        _attack = AttackAsync(_end.Token);
        await _daemon.Blocks("203.0.113.100");
    }

    [OneTimeTearDown]
    public async Task EndAttack()
    {
        if (_attack is not null)
        {
            await _end.CancelAsync();
            await _attack;
            _end.Dispose();
        }

        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _folder?.Dispose();
        _lab?.Dispose();
    }

    [Test, Order(1)]
    public async Task Who_is_blocked_is_found_explained_and_let_in()
    {
        await GuessAsync(Customer, 4);
        await _daemon.Blocks(Customer);

        Ask("list").Split('\n').Should().ContainSingle(line => line.StartsWith(Customer + " ", StringComparison.Ordinal));
        var why = Ask("why", Customer);
        why.Should().StartWith($"{Customer} is blocked until ")
            .And.Contain("wrong names within 1d")
            .And.MatchRegex(@"tried +.*nosuch\d+@example\.org")
            .And.Contain("found by");

        Ask("unblock", Customer);

        await _daemon.Releases(Customer);
        (await _lab.AcceptsAsync(Customer)).Should().BeTrue();
        Ask("why", Customer).Should().Contain($"{Customer} is not blocked").And.Contain("blocked once before");
        Ask("history", $"--address={Customer}", "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should().ContainSingle().Which.Should().Contain("\"ended_by\":\"unblocked\"");
    }

    [Test, Order(2)]
    public async Task Status_and_top_tell_of_the_attack()
    {
        await Eventually.IsTrue(() => Ask("top", "--once").Contains(" blocked ", StringComparison.Ordinal), "a block is seen");

        var status = Ask("status");

        status.Should().MatchRegex(@"log +\S+, read to .*byte [\d,]+ of [\d,]+").And.Contain("firewall  iptables")
            .And.MatchRegex(@"blocks +[1-9]\d* now");
        Ask("status", "--json").Should().Contain("\"log_position\":").And.Contain("\"log_size\":").And.Contain("\"log_behind\":");
    }

    [Test, Order(3)]
    public async Task A_host_and_a_network_are_blocked_by_hand_and_released()
    {
        Ask("block", "203.0.113.90", "--for=1h", "--reason=ticket 4711");
        await _daemon.Blocks("203.0.113.90");
        (await _lab.AcceptsAsync("203.0.113.90")).Should().BeFalse();
        Ask("why", "203.0.113.90").Should().Contain("ticket 4711");
        Ask("unblock", "203.0.113.90");
        await _daemon.Releases("203.0.113.90");

        Ask("block", "2001:db8::a:80/121");
        (await _lab.AcceptsAsync("2001:db8::a:81")).Should().BeFalse("the network that it is in is blocked");
        Ask("unblock", "2001:db8::a:80/121");
        await Eventually.IsTrue(() => _lab.AcceptsAsync("2001:db8::a:81"), "the network is let in again");
    }

    [Test, Order(4)]
    public async Task A_reload_changes_the_threshold_in_mid_attack()
    {
        await GuessAsync("198.51.100.61", 2);
        await Eventually.IsTrue(
            () => Ask("why", "198.51.100.61").Contains("2 wrong guesses that did not suffice", StringComparison.Ordinal),
            "both guesses are known");
        _folder.Write("blocksmtp.conf", "max-offenses = 1\n");

        Ask("reload").Should().Contain("max-offenses");

        await GuessAsync("198.51.100.61", 1);
        await _daemon.Blocks("198.51.100.61");
        Ask("why", "198.51.100.61").Should().Contain("ahead, more than 1");
    }

    [Test, Order(5)]
    public async Task A_daemon_that_was_killed_is_answered_for_by_its_state()
    {
        await _daemon.KillAsync();

        var (code, output, errors) = Command.Try(Tool.Path, [.. Words("why"), $"--state-dir={_folder["state"]}", "198.51.100.61"]);

        errors.Should().Contain("no daemon listens on");
        output.Should().StartWith("198.51.100.61 is blocked until ");
        code.Should().Be(0);
    }

    private string Ask(string command, params string[] arguments) => Command.Run(Tool.Path, [.. Words(command), .. arguments]);

    private string[] Words(string command) =>
        [command, $"--control-socket={_daemon.ControlSocket}", $"--config={_folder["blocksmtp.conf"]}"];

    private async Task GuessAsync(string source, int count)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        await session.GuessAsync(count);
    }

    /// <summary>One host after the other, until the end.</summary>
    private async Task AttackAsync(CancellationToken end)
    {
        for (var host = 100; !end.IsCancellationRequested && host < 250; host++)
        {
            try
            {
                await using var session = await _lab.ConnectAsync($"203.0.113.{host}");
                await session.BeginAsync();
                await session.GuessAsync(8, apart: TimeSpan.FromMilliseconds(100));
            }
            catch (System.Net.Sockets.SocketException)
            {
                // No slot is free: the next one tries.
            }
        }
    }
}
