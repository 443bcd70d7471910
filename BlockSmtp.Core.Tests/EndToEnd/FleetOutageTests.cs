using System.Globalization;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// What becomes of two mail servers when the redis-server where they meet fails them in the middle of an attack. They meet as docs/fleet.md
/// has it: by TLS, as an account with no more rights than stand there.
/// </summary>
internal sealed class FleetOutageTests
{
    private FleetLab _fleet = null!;
    private RedisServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Requires.Root();
        _fleet = new FleetLab();
        _server = new RedisServer(_fleet.Network.AtServers, SecureRedis.Administrator, _fleet.Security.Arguments(1));
        await _fleet.StartAsync($"--server={FleetNetwork.Server(1)}:{SecureRedis.Port}");
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (_fleet is not null)
            await _fleet.DisposeAsync();
        _server?.Dispose();
    }

    [Test, Order(1)]
    public async Task A_server_that_becomes_full_in_an_attack_delays_no_block_and_hears_of_it_when_it_has_room()
    {
        var (alone, connections) = (_fleet.TimesAlone(0), 0);
        await using (var session = await _fleet.ConnectAsync(0, "203.0.113.30"))
        {
            await session.BeginAsync();
            await session.GuessAsync(2);
            _server.Ask("CONFIG", "SET", "maxmemory", "1");
            connections = Connections();
            await _fleet.IsBlockedAloneOn(0, "203.0.113.30", session);
        }

        await _fleet.IsAlone(0, "maxmemory");
        await Eventually.IsTrue(() => Connections() > connections + 16, "both try again some times", FleetLab.Patience);
        _fleet.TimesAlone(0).Should().Be(alone + 1, "it is said once");
        _fleet.Drops(1, "203.0.113.30").Should().BeFalse();
        _server.Ask("CONFIG", "SET", "maxmemory", "0");
        await _fleet.IsBlockedEverywhere("203.0.113.30");
        await _fleet.AllAreHeard();
    }

    [Test, Order(2)]
    public async Task Who_is_cut_off_in_an_attack_blocks_alone_and_both_sides_hear_of_the_other_when_it_is_over()
    {
        var (alone, other) = (_fleet.TimesAlone(1), _fleet.TimesAlone(0));
        await using (var session = await _fleet.ConnectAsync(1, "203.0.113.31"))
        {
            await session.BeginAsync();
            await session.GuessAsync(2);
            _fleet.Network.Cut(1);
            try
            {
                await _fleet.IsBlockedAloneOn(1, "203.0.113.31", session);
                _fleet.Block(0, "203.0.113.32");
                _fleet.Block(0, "203.0.113.33");
                _fleet.Release(0, "203.0.113.33");
                await _fleet.IsAlone(1, "");
                _fleet.Drops(0, "203.0.113.31").Should().BeFalse();
                _fleet.Drops(1, "203.0.113.32").Should().BeFalse();
            }
            finally
            {
                _fleet.Network.Mend();
            }
        }

        await _fleet.IsBlockedEverywhere("203.0.113.31");
        await _fleet.IsBlockedEverywhere("203.0.113.32");
        await _fleet.AllAreHeard();
        await Eventually.IsTrue(
            () => !_fleet.Drops(1, "203.0.113.33"),
            $"its release is heard, too; there is blocked:\n{_fleet.Ask(1, "list")}{_fleet.Ask(0, "list")}",
            FleetLab.Patience);
        _fleet.TimesAlone(1).Should().Be(alone + 1, "it is said once");
        _fleet.TimesAlone(0).Should().Be(other, "who was not cut off has noticed nothing");
    }

    [Test, Order(3)]
    public async Task A_password_that_is_changed_in_an_attack_has_each_go_on_alone_until_it_is_told_the_new_one()
    {
        var alone = _fleet.TimesAlone(0);
        await using (var session = await _fleet.ConnectAsync(0, "203.0.113.34"))
        {
            await session.BeginAsync();
            await session.GuessAsync(2);
            _server.Ask("ACL", "SETUSER", SecureRedis.User, "resetpass", ">another");
            _server.Ask("CLIENT", "KILL", "SKIPME", "yes");
            await _fleet.IsBlockedAloneOn(0, "203.0.113.34", session);
        }

        await _fleet.IsAlone(0, "refuses the user or password");
        await _fleet.IsAlone(1, "refuses the user or password");
        _fleet.TimesAlone(0).Should().Be(alone + 1, "it is said once");
        _fleet.SayPassword("another");
        await _fleet.IsBlockedEverywhere("203.0.113.34");
        await _fleet.AllAreHeard();
    }

    // Last, when all of the above has been done with these rights.
    [Test, Order(4)]
    public async Task The_server_has_noted_no_attempt_at_what_the_account_may_not_do()
    {
        _fleet.Block(0, "203.0.113.35");
        await _fleet.IsBlockedEverywhere("203.0.113.35");
        _fleet.Release(1, "203.0.113.35");
        await _fleet.IsReleasedEverywhere("203.0.113.35");
        // What was noted beside that are the wrong passwords.
        Regex.Matches(_server.Ask("ACL", "LOG", "128"), @"(?m)^reason\n(\w+)$").Select(entry => entry.Groups[1].Value)
            .Should().OnlyContain(reason => reason == "auth");
        _server.Ask("ACL", "WHOAMI").Trim().Should().Be(SecureRedis.Administrator.Name);
        _server.Ask("ACL", "GETUSER", SecureRedis.User).Should().Contain("-@all").And.NotContain("+@all");
    }

    private int Connections() => int.Parse(
        Regex.Match(_server.Ask("INFO", "stats"), @"total_connections_received:(\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
}
