using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BlockSmtp.Sqlite;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>As many blocks as there may be, of names as long as they are kept, under the bound on memory of the packaged unit.</summary>
internal sealed partial class MemoryTests
{
    private const int MostBlocks = 250_000;
    private const int AtOnce = 25_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [GeneratedRegex(@"^MemoryMax=(\d+)M$", RegexOptions.Multiline)]
    private static partial Regex MemoryMax { get; }

    [SetUp]
    public void RequireRoot()
    {
        Requires.Root();
        Requires.Tool("nft");
    }

    [Test]
    public async Task A_start_at_the_bound_lives_under_the_limit_of_the_unit()
    {
        using var server = new LoneServer();
        using var group = new ControlGroup(Limit());
        await FillAsync(server.StateDirectory);

        var start = Stopwatch.GetTimestamp();
        await using var daemon = new LoneDaemon(server, "nftables", ["--reconcile=2s"], within: group.Within);
        await Says(daemon, group, $"ready: {MostBlocks} blocks in force");
        var ready = Stopwatch.GetElapsedTime(start);
        // The rules are compared, the first time and again, and a new block is put in place.
        await Task.Delay(TimeSpan.FromSeconds(6));
        server.Guess("203.0.113.20", 4);
        await Says(daemon, group, "blocked 203.0.113.20 ");
        await Eventually.IsTrue(() => server.Run("nft", "get", "element", "inet", "blocksmtp", "hosts4", "{ 203.0.113.20 }")
            .Contains("203.0.113.20", StringComparison.Ordinal), "it is in the kernel", Patience);

        if (Environment.GetEnvironmentVariable("BLOCKSMTP_FIGURES") is { Length: > 0 } figures)
            File.AppendAllText(figures, FormattableString.Invariant(
                $"{MostBlocks} blocks: in force {ready.TotalSeconds:0.0} s after the start of the process; {group.Peak}\n"));
        daemon.IsOver.Should().BeFalse(group.Peak);
        daemon.Output.Should().NotContain("somebody has changed the rules");
    }

    [Test]
    public async Task A_flood_of_hosts_that_try_long_names_lives_under_it_and_hides_nobody()
    {
        using var server = new LoneServer();
        using var group = new ControlGroup(Limit());
        await using var daemon = new LoneDaemon(server, "nftables", [], within: group.Within);
        await Says(daemon, group, "ready: 0 blocks in force");
        await using (var log = new StreamWriter(server.Log, append: true))
        {
            for (var host = 0; host < 262_144; host++)
                await log.WriteAsync(ThreeGuesses(host));
        }

        server.Guess("203.0.113.20", 4);
        await Says(daemon, group, "blocked 203.0.113.20 ");
        daemon.Output.Should().NotContain("Insufficient memory").And.NotContain("OutOfMemory");
    }

    private static long Limit()
    {
        // The packages have a native program; the runtime of another takes this much more.
        var runtime = Tool.IsNative ? 0 : 128L << 20;
        var unit = File.ReadAllText(Path.Combine(Repository.Root, "packaging/systemd/blocksmtp.service"));
        return runtime + (long.Parse(MemoryMax.Match(unit).Groups[1].Value, CultureInfo.InvariantCulture) << 20);
    }

    private static string ThreeGuesses(int host)
    {
        var now = DateTime.Now;
        var start = string.Create(
            CultureInfo.InvariantCulture, $"{now:MMM} {now.Day,2} {now:HH:mm:ss} mx sendmail[{1000 + (host % 30_000)}]: 6ATAB{host:X9}: ");
        var name = new string('y', 85);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{start}<{name}{host}a@example.org>... User unknown\n{start}<{name}{host}b@example.org>... User unknown\n"
                + $"{start}<{name}{host}c@example.org>... User unknown\n{start}from=<a@b.example>, size=0, class=0, nrcpts=0, proto=ESMTP, "
                + $"daemon=MTA, relay=[IPv6:2001:db8:{host >> 16:x}:{host & 0xffff:x}::1]\n");
    }

    private static async Task Says(LoneDaemon daemon, ControlGroup group, string what)
    {
        await Eventually.IsTrue(
            () => daemon.IsOver || daemon.Output.Contains(what, StringComparison.Ordinal), $"it says '{what}'", Patience);
        daemon.IsOver.Should().BeFalse($"it was within {group.Peak}; it said: {daemon.Output}");
    }

    private static async Task FillAsync(string directory)
    {
        using var store = new SqliteBlockStore(new SqliteBlockStoreOptions { Directory = directory });
        await store.LoadAsync(default);
        var now = DateTimeOffset.UtcNow;
        string[] names = [.. Enumerable.Range(0, 4).Select(number => $"<{new string('x', 85)}{number}@example.org>")];
        for (var done = 0; done < MostBlocks; done += AtOnce)
        {
            var blocks = Enumerable.Range(done, AtOnce).Select(number => new BlockRecord(BlockOf(number, now, names)));
            await store.CommitAsync(new StateChange { Time = now, Blocks = [.. blocks] }, default);
        }
    }

    private static Block BlockOf(int number, DateTimeOffset now, string[] names)
    {
        var network = IPNetwork.Parse(FormattableString.Invariant($"2001:db8:{number >> 16:x}:{number & 0xffff:x}::/64"));
        return new Block(network, now.AddTicks(-number), now.AddHours(3), names.Length, "more than 3 wrong guesses within 1d")
        {
            Evidence = new Evidence(names.Length, now.AddMinutes(-1), now, names, PeerSource.Connection),
        };
    }
}
