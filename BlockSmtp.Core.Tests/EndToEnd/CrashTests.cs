using System.Globalization;
using System.Net;
using BlockSmtp.Collections;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// The daemon is killed at random moments while it is written at, and each time what the next one makes of it is compared with what
/// was written: no block lost, nobody blocked who was released, no guess counted twice or lost, one jump, no stale rule.
/// </summary>
[TestFixture("nftables", 1)]
[TestFixture("iptables", 2)]
internal sealed class CrashTests(string firewall, int seed)
{
    // 200 in both, or as many as bench/crash wants. The portable program takes far longer to start than the published
    // one, and is not what is installed.
    private static readonly int Crashes = Environment.GetEnvironmentVariable("BLOCKSMTP_KILLS") is { Length: > 0 } kills
        ? int.Parse(kills, CultureInfo.InvariantCulture)
        : Environment.GetEnvironmentVariable("BLOCKSMTP_BINARY") is { Length: > 0 } ? 100 : 15;

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _written = [];
    private readonly List<(string Host, int Left, int Number)> _open = [];
    private readonly HashSet<string> _released = [];
    private LoneServer _server = null!;
    private WhiteListFile _whiteList = null!;
    private int _hosts;

    [SetUp]
    public void Make()
    {
        Requires.Root();
        foreach (var tool in new[] { "nft", "iptables", "ip6tables" })
            Requires.Tool(tool);
        (_server, _whiteList) = (new(), new("# nobody"));
    }

    [TearDown]
    public void Leave()
    {
        _whiteList?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public async Task A_daemon_that_is_killed_at_any_moment_loses_nothing_and_counts_nothing_twice()
    {
        HashSet<string> before = [];
        for (var crash = 0; crash < Crashes; crash++)
        {
            await using var daemon = Start();
            // What counts is written from the first run on.
            if (crash == 0 || _random.Next(3) > 0)
            {
                await daemon.IsReady();
                await Eventually.IsTrue(
                    () => before.Except(_server.Blocked(firewall)).All(_released.Contains),
                    $"whom the last one had blocked is blocked; the daemon said:\n{daemon.Output}");
                ExpectNobodyElse();
            }

            if (crash % 25 == 24)
                await ReleaseOneAsync(daemon);
            if (crash % 20 == 19)
                _server.Rotate();
            for (var burst = _random.Next(4); burst >= 0; burst--)
            {
                WriteSome();
                await Task.Delay(_random.Next(40));
            }

            await daemon.KillAsync();
            before = _server.Blocked(firewall);
        }

        await CompareAsync();
        if (Environment.GetEnvironmentVariable("BLOCKSMTP_FIGURES") is not { Length: > 0 } figures)
            return;
        File.AppendAllText(figures, string.Create(
            CultureInfo.InvariantCulture,
            $"{firewall}: {Crashes} kills, {_written.Values.Sum()} guesses of {_written.Count} hosts, "
                + $"{_written.Values.Count(guesses => guesses == 4)} blocked, {_released.Count} of them released; "
                + $"lost, twice or wrong: 0\n"));
    }

    private LoneDaemon Start() => new(_server, firewall, ["--policy=count", "--max-offenses=3", "--block-time=1d", _whiteList.Option]);

    /// <summary>
    /// Some lines of a busy log: transactions begin, and others end that have begun long before, perhaps before the last crash.
    /// </summary>
    private void WriteSome()
    {
        var text = "";
        for (var lines = _random.Next(12); lines >= 0; lines--)
        {
            if (_open.Count > 0 && _random.Next(2) == 0)
            {
                var at = _random.Next(_open.Count);
                var (host, left, number) = _open[at];
                _open.RemoveAt(at);
                text += LoneServer.EndOf(host, number);
                _written[host] = _written.GetValueOrDefault(host) + left;
            }
            else
            {
                // A third makes four guesses in all, in one transaction or in two; the others make fewer.
                var host = $"10.{seed}.{_hosts / 250}.{1 + (_hosts++ % 250)}";
                var total = _random.Next(3) == 0 ? 4 : _random.Next(1, 4);
                var first = _random.Next(1, total + 1);
                foreach (var count in new[] { first, total - first })
                {
                    if (count == 0)
                        continue;
                    text += _server.Begin(count);
                    _open.Add((host, count, _server.Transaction));
                }
            }
        }

        File.AppendAllText(_server.Log, text);
    }

    /// <summary>Releases somebody by the white-list, and trusts him no more.</summary>
    private async Task ReleaseOneAsync(LoneDaemon daemon)
    {
        await daemon.IsReady();
        var host = _server.Blocked(firewall).Except(_released).FirstOrDefault();
        if (host is null)
            return;
        _released.Add(host);
        _whiteList.Write(host);
        daemon.Signal("HUP");
        await Eventually.IsTrue(
            async () => (await Find(host)).All(record => !record.IsCurrent),
            $"the release of {host} is kept; the daemon said:\n{daemon.Output}");
        _whiteList.Write("# nobody");
        daemon.Signal("HUP");
        await daemon.Says("white-list replaced: 0 trusted networks");
    }

    private void ExpectNobodyElse()
    {
        _server.Blocked(firewall).Where(host => _written.GetValueOrDefault(host) < 4 || _released.Contains(host))
            .Should().BeEmpty("nobody else may be blocked");
        if (firewall == "iptables")
            _server.Run("iptables", "-w", "-S", "INPUT").Split('\n')
                .Should().ContainSingle(rule => rule.Contains("-j", StringComparison.Ordinal));
        else
            _server.Run("nft", "list", "chain", "inet", "blocksmtp", "input")
                .Split('\n').Count(rule => rule.Contains("drop", StringComparison.Ordinal))
                .Should().Be(4);
    }

    /// <summary>What came of it all, guess by guess.</summary>
    private async Task CompareAsync()
    {
        await using var daemon = Start();
        foreach (var (host, left, number) in _open)
        {
            File.AppendAllText(_server.Log, LoneServer.EndOf(host, number));
            _written[host] = _written.GetValueOrDefault(host) + left;
        }
        _open.Clear();
        _server.Guess("192.0.2.99", 4);
        _written["192.0.2.99"] = 4;
        await Eventually.IsTrue(
            () => _server.Blocked(firewall).Contains("192.0.2.99"),
            $"all is read; the daemon said:\n{daemon.Output}",
            TimeSpan.FromMinutes(1));
        await Eventually.IsTrue(async () => (await Find("192.0.2.99")).Count == 1, "all is kept");

        ExpectNobodyElse();
        _server.Blocked(firewall)
            .Should().BeEquivalentTo(_written.Where(host => host.Value == 4 && !_released.Contains(host.Key)).Select(host => host.Key));
        _written.Should().HaveCountGreaterThan(Crashes / 2);
        foreach (var (host, count) in _written)
        {
            var records = await Find(host);
            records.Select(record => record.Block.Offenses).Should().Equal(count == 4 ? [4] : [], $"of {host}");
            (await _server.History.FindOffensesAsync(IPAddress.Parse(host))).Should().HaveCount(count == 4 ? 0 : count, $"of {host}");
        }
    }

    private async Task<IReadOnlyList<BlockRecord>> Find(string host) =>
        await _server.History.FindAsync(new() { Host = IPAddress.Parse(host) });
}
