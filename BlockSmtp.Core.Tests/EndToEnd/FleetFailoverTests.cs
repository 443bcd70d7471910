using System.Globalization;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A real redis-server that dies in the middle of an attack, another one that follows it, and the real Sentinel that puts it in its place.
/// </summary>
internal sealed class FleetFailoverTests
{
    private const string Service = "mailmaster";

    private FleetLab _fleet = null!;
    private RedisServer[] _servers = [];
    private RedisSentinel _sentinel = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Requires.Root();
        _fleet = new FleetLab();
        RedisServer Server(int number, int? follows) =>
            new(_fleet.Network.AtServers, SecureRedis.Administrator, _fleet.Security.Arguments(number, follows));
        _servers = [Server(1, null)];
        _servers = [.. _servers, Server(2, follows: 1)];
        await Eventually.IsTrue(
            () => _servers[1].Ask("INFO", "replication").Contains("master_link_status:up", StringComparison.Ordinal),
            "the second server follows",
            FleetLab.Patience);
        _sentinel = new RedisSentinel(_fleet.Network.AtServers, _fleet.Security, Service);
        await Eventually.IsTrue(
            () => _sentinel.Ask("SENTINEL", "REPLICAS", Service).Contains(FleetNetwork.Server(2), StringComparison.Ordinal),
            "Sentinel knows both",
            FleetLab.Patience);
        await _fleet.StartAsync($"--server={FleetNetwork.Server(3)}:{RedisSentinel.Port}", $"--sentinel={Service}");
    }

    [TearDown]
    public async Task EndAsync()
    {
        if (_fleet is not null)
            await _fleet.DisposeAsync();
        _sentinel?.Dispose();
        foreach (var server in _servers)
            server.Dispose();
        _servers = [];
    }

    [Test]
    public async Task When_the_server_dies_in_an_attack_the_next_one_knows_all_also_what_it_has_not_heard_in_time()
    {
        _fleet.Block(0, "203.0.113.30");
        await _fleet.IsBlockedEverywhere("203.0.113.30");
        await using (var session = await _fleet.ConnectAsync(0, "203.0.113.31"))
        {
            await session.BeginAsync();
            await session.GuessAsync(2);
            // What the first one takes now the second one never hears of.
            _servers[1].Hang();
            _fleet.Block(1, "203.0.113.32");
            await _fleet.IsBlockedEverywhere("203.0.113.32");
            _servers[0].Kill();
            _servers[1].GoOn();
            await _fleet.IsBlockedAloneOn(0, "203.0.113.31", session);
        }

        await _fleet.IsBlockedEverywhere("203.0.113.31");
        await _fleet.AllAreHeard();
        await Eventually.IsTrue(
            () => _servers[1].Ask("XRANGE", "blocksmtp:{mail}:blocks", "-", "+") is var all
                && new[] { 30, 31, 32 }.All(last =>
                    all.Contains(string.Create(CultureInfo.InvariantCulture, $"203.0.113.{last}/32"), StringComparison.Ordinal)),
            "the second server has all", FleetLab.Patience);

        // Back again, the first one follows, and whoever would say something to it is not heard.
        _servers[0].Start();
        await Eventually.IsTrue(
            () => _servers[0].Ask("ROLE").StartsWith("slave", StringComparison.Ordinal), "the first server follows now", FleetLab.Patience);
        _fleet.Release(1, "203.0.113.30");
        await _fleet.IsReleasedEverywhere("203.0.113.30");
        foreach (var server in _servers)
            server.Ask("ACL", "LOG").Trim().Should().BeEmpty("the account did nothing that it may not do");
        _sentinel.Ask("ACL", "LOG").Trim().Should().BeEmpty("nor where it asks for the server");
        // Two programs, and Sentinel's own: those of what was given up are gone.
        Count(_sentinel.Ask("CLIENT", "LIST", "TYPE", "normal")).Should().BeLessThan(12);
    }

    private static int Count(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
