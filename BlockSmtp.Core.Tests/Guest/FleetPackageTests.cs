using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>Whoever follows docs/fleet.md on two mail servers and a third machine, each of them a clean Debian, has a fleet.</summary>
[NonParallelizable]
internal sealed class FleetPackageTests
{
    private const string Page = "docs/fleet.md";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DebianGuest[] _mailServers = new DebianGuest[2];
    private GuestNetwork _wire = null!;
    private DebianGuest _server = null!;

    [SetUp]
    public async Task BootAsync()
    {
        _wire = new GuestNetwork();
        await Task.WhenAll(
            Task.Run(() => _wire.Plug(_server = new DebianGuest(), "192.0.2.1")),
            Task.Run(() => InstallMailServer(0, "192.0.2.11")),
            Task.Run(() => InstallMailServer(1, "192.0.2.12")));
    }

    [TearDown]
    public void PowerOff()
    {
        Parallel.ForEach(_mailServers.Append(_server), guest => guest?.Dispose());
        _wire?.Dispose();
    }

    [Test]
    [RunsCommandsOf(Page, "The server"), RunsCommandsOf(Page, "Each mail server"), RunsCommandsOf(Page, "Is it heard?"),
        RunsCommandsOf(Page, "Leaving it")]
    public async Task Who_guesses_on_one_server_is_blocked_on_the_other_and_released_on_both()
    {
        _server.RunPage(Page, "The server");
        var (mx1, mx2) = (_mailServers[0], _mailServers[1]);
        foreach (var guest in _mailServers)
        {
            guest.Copy(_server.PathOf("/etc/redis/fleet-ca.pem"), _server.PathOf("/etc/redis/fleet.secret"));
            guest.RunPage(Page, "Each mail server");
        }

        foreach (var guest in _mailServers)
            await IsHeardAsync(guest);
        await mx1.GuessUntilBlockedAsync("203.0.113.50");
        await mx2.Blocks("203.0.113.50");
        mx2.Run("blocksmtp", "list").Should().MatchRegex(@"203\.0\.113\.50 .*\(mx1\)");
        mx2.Run("blocksmtp", "why", "203.0.113.50").Should().Contain("seen by   mx1, of the fleet");
        mx2.Run("blocksmtp", "unblock", "203.0.113.50");
        await IsReleasedAsync("203.0.113.50");

        await LooksAsThePageSaysAsync(mx1, mx2);
        HasNoRightsButAGroup(mx1);
        _wire.Reaches("192.0.2.13", "192.0.2.1", 6380).Should().BeTrue("the third mail server of the page is let in");
        _wire.Reaches("192.0.2.14", "192.0.2.1", 6380).Should().BeFalse("who is none of the mail servers is not");
        await GoesOnAfterAnUpgradeAsync(mx1);
        await LeavesAsync(mx2);
    }

    private void InstallMailServer(int number, string address)
    {
        var guest = _mailServers[number] = new DebianGuest();
        var name = $"mx{number + 1}";
        _wire.Plug(guest, address);
        guest.Shell($$"""
            hostname {{name}}
            echo {{name}} >/etc/hostname
            sed -i 's/ mail1.example.org/ {{name}}.example.org {{name}}&/' /etc/hosts
            echo '192.0.2.1 redis.example.org' >>/etc/hosts
            """);
        guest.Install(GuestSetup.OldPackage, "sendmail-bin", "nftables");
        guest.OpenMailServer();
        guest.Copy(GuestSetup.FleetPackageOf(GuestSetup.OldPackage));
    }

    private static async Task IsHeardAsync(DebianGuest guest)
    {
        await guest.IsActive();
        await Eventually.IsTrue(
            () => guest.Try("blocksmtp", "fleet").ExitCode == 0,
            "the fleet is heard; it said:\n"
                + $"{guest.Try("blocksmtp", "fleet")}\n{guest.Run("journalctl", "--no-pager", "--output=cat", "--unit=blocksmtp*")}",
            Patience);
    }

    private async Task IsReleasedAsync(string address)
    {
        foreach (var guest in _mailServers)
            await Eventually.IsTrue(() => !guest.Drops(address), $"{address} is released on both", Patience);
    }

    private async Task LooksAsThePageSaysAsync(DebianGuest one, DebianGuest other)
    {
        var commands = DocumentedCommands.Of(Page, "Is it heard?");
        commands.Should().HaveCount(3, "it is asked, blocked on one and released on another");
        await Eventually.IsTrue(
            () => one.Run("blocksmtp", "fleet").Contains("mx1, mx2", StringComparison.Ordinal), "they see each other", Patience);
        commands[0].Run(one.Prefix).Should().Contain("heard, as mx1").And.MatchRegex("refused +0");
        commands[1].Run(one.Prefix);
        await other.Blocks("203.0.113.99");
        commands[2].Run(other.Prefix).Should().MatchRegex(@"203\.0\.113\.99 .*\(mx1\)");
        await IsReleasedAsync("203.0.113.99");
    }

    private static void HasNoRightsButAGroup(DebianGuest guest)
    {
        guest.Run("stat", "--format=%U:%G %a", "/run/blocksmtp/fleet.sock").Trim().Should().Be("root:blocksmtp-fleet 660");
        guest.Run("stat", "--format=%U:%G %a", "/etc/blocksmtp/fleet.secret").Trim().Should().Be("root:root 600");
        guest.Run("ps", "-o", "user:20=", "-C", "blocksmtp-fleet").Trim().Should().Be("blocksmtp-fleet");
    }

    private static async Task GoesOnAfterAnUpgradeAsync(DebianGuest guest)
    {
        var former = Running(guest);
        guest.Copy(GuestSetup.FleetPackageOf(GuestSetup.NewPackage));
        guest.Install(GuestSetup.NewPackage, $"/root/{Path.GetFileName(GuestSetup.FleetPackageOf(GuestSetup.NewPackage))}");
        Running(guest).Should().NotBeEmpty().And.NotBe(former, "it is the new version that runs");
        await IsHeardAsync(guest);
    }

    private static async Task LeavesAsync(DebianGuest guest)
    {
        guest.RunPage(Page, "Leaving it");
        await guest.IsActive();
        Running(guest).Should().BeEmpty();
        guest.Run("find", "/etc", "-name", "*fleet*").Should().BeEmpty();
    }

    /// <summary>The program's process; nothing without one.</summary>
    private static string Running(DebianGuest guest) => guest.Try("ps", "-o", "pid=", "-C", "blocksmtp-fleet").Output.Trim();
}
