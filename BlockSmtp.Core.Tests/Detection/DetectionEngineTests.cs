using System.Net;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Detection;

public sealed class DetectionEngineTests
{
    private const string Host = "203.0.113.20";
    private const string Other = "203.0.113.21";

    [Test]
    public async Task A_host_is_blocked_at_the_fourth_guess_and_released_after_its_time()
    {
        await using var running = new RunningEngine();
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);

        running.Time.Advance(TimeSpan.FromHours(3) - TimeSpan.FromSeconds(1));
        running.Firewall.Blocked.Should().Equal(Host);
        running.Time.Advance(TimeSpan.FromSeconds(1));

        await running.Firewall.UntilBlocked();
        running.Seen.Lines.Should().Equal($"18:00:03 block {Host} 4 until 21:00:03", $"21:00:03 unblock {Host} Expired");
    }

    [Test]
    public async Task A_live_process_is_asked_for_its_client_at_the_first_guess_and_once()
    {
        var lookup = new FixedLookup(Host);
        await using var running = new RunningEngine(options => options.PeerLookup = lookup);

        await running.Log.WriteAsync(new LogText().Unknown(7, 1));
        lookup.Asked.Should().Equal((7, null));
        await running.Log.WriteAsync(new LogText().Unknown(7, 3));

        await running.Firewall.UntilBlocked(Host);
        lookup.Asked.Should().HaveCount(1);
    }

    [Test]
    public async Task A_process_is_asked_anew_in_its_next_transaction()
    {
        var lookup = new FixedLookup(Host);
        await using var running = new RunningEngine(options => options.PeerLookup = lookup);

        await running.Log.WriteAsync(new LogText().Unknown(7, 1).End(7, Host).Unknown(7, 1, "6ANHzzzz"));

        lookup.Asked.Should().HaveCount(2);
    }

    [Test]
    public async Task When_the_look_up_comes_too_late_the_log_still_names_the_client()
    {
        var lookup = new FixedLookup(null);
        await using var running = new RunningEngine(options => options.PeerLookup = lookup);

        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));

        await running.Firewall.UntilBlocked(Host);
    }

    [Test]
    public async Task For_a_line_that_has_lain_for_long_the_process_must_be_older_than_its_queue_id()
    {
        var lookup = new FixedLookup(Host);
        await using var running = new RunningEngine(options => options.PeerLookup = lookup);

        await running.Log.WriteAsync(new LogText().At("12:00:00").Unknown(7, 1, "6ANC00rU").At("12:00:00").Unknown(8, 1, "ZZZZZZrU"));

        // The second one's queue id is no time, so nothing proves that process 8 is still the one that wrote it.
        lookup.Asked.Should().Equal((7, new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task In_the_log_of_several_hosts_only_the_processes_of_this_one_are_asked()
    {
        var lookup = new FixedLookup(Host);
        await using var running = new RunningEngine(options => options.PeerLookup = lookup);

        await running.Log.WriteAsync(
            new LogText().On("first").Unknown(7, 1).On("second").Unknown(8, 1).On($"{Environment.MachineName}.example.org").Unknown(9, 1));

        lookup.Asked.Select(asked => asked.Pid).Should().Equal(7, 9);
    }

    [Test]
    public async Task A_white_list_that_trusts_a_blocked_host_releases_it_at_once()
    {
        await using var running = new RunningEngine();
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host).Unknown(8, 4).End(8, Other));
        await running.Firewall.UntilBlocked(Host, Other);

        running.Engine.UpdateWhiteList(new WhiteList([IPNetwork.Parse($"{Host}/32")]));

        await running.Firewall.UntilBlocked(Other);
        running.Seen.Lines.Should().Contain($"18:00:03 unblock {Host} WhiteListed");
        await running.Log.WriteAsync(new LogText().Unknown(9, 4).End(9, Host));
        running.Firewall.Blocked.Should().Equal(Other);
    }

    [Test]
    public async Task A_white_list_that_no_longer_trusts_a_host_lets_it_be_blocked()
    {
        await using var running = new RunningEngine(options => options.WhiteList = new WhiteList([IPNetwork.Parse("203.0.113.0/24")]));
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        running.Seen.Lines.Should().ContainSingle().Which.Should().Contain("ignore");

        running.Engine.UpdateWhiteList(WhiteList.Empty);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));

        await running.Firewall.UntilBlocked(Host);
    }

    [Test]
    public async Task An_address_that_becomes_the_servers_own_is_released_and_one_that_was_may_be_blocked()
    {
        await using var running = new RunningEngine(options => options.OwnAddresses = [IPAddress.Parse(Other)]);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host).Unknown(8, 4).End(8, Other));
        await running.Firewall.UntilBlocked(Host);

        running.Engine.UpdateOwnAddresses([IPAddress.Parse($"::ffff:{Host}")]);
        await running.Firewall.UntilBlocked();
        await running.Log.WriteAsync(new LogText().Unknown(9, 4).End(9, Host).Unknown(10, 4).End(10, Other));

        await running.Firewall.UntilBlocked(Other);
        running.Engine.Explain(IPAddress.Parse(Host)).Trusted.Should().Be("it is the mail server itself");
    }

    [Test]
    public async Task A_release_that_is_asked_for_lets_the_host_in_again()
    {
        await using var running = new RunningEngine();
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);

        (await running.Engine.ReleaseAsync(IPNetwork.Parse($"{Host}/32"))).Should().BeTrue();
        (await running.Engine.ReleaseAsync(IPNetwork.Parse($"{Host}/32"))).Should().BeFalse();

        await running.Firewall.UntilBlocked();
        running.Engine.Blocks.Should().BeEmpty();
    }

    [Test]
    public async Task A_block_that_the_firewall_refuses_is_wanted_until_it_is_in_place()
    {
        await using var running = new RunningEngine();
        running.Firewall.Failing = 3;

        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Log.WriteAsync(new LogText().Unknown(8, 4).End(8, Other));
        running.Engine.Blocks.Should().HaveCount(2);
        while (running.Firewall.Blocked.Count < 2)
        {
            running.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        running.Firewall.Blocked.Should().Equal(Host, Other);
        running.Firewall.Failing.Should().Be(0);
    }

    [Test]
    public async Task Rules_that_a_foreign_hand_has_flushed_come_back()
    {
        await using var running = new RunningEngine();
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);

        running.Firewall.Flush();
        running.Time.Advance(TimeSpan.FromMinutes(1));

        await running.Firewall.UntilBlocked(Host);
        running.Firewall.Starts.Should().Be(2);
    }

    [Test]
    public async Task Old_lines_of_a_log_that_is_read_from_its_start_count_for_their_own_time()
    {
        await using var running = new RunningEngine();
        foreach (var day in new[] { "Nov 17", "Nov 18", "Nov 20", "Nov 21" })
            await running.Log.WriteAsync(new LogText().Day(day).Unknown(7, 1).End(7, Host));
        running.Seen.Offenses.Should().Be(4);
        running.Engine.Blocks.Should().BeEmpty("they are further apart than a day");

        await running.Log.WriteAsync(new LogText().At("17:00:00").Unknown(8, 4).End(8, Other));
        running.Engine.Blocks.Should().ContainSingle().Which.Since.Should().Be(running.Time.GetUtcNow());
    }

    [Test]
    public async Task The_sessions_of_a_blocked_host_are_ended_after_its_packets_are_dropped()
    {
        await using var running = new RunningEngine();
        running.Reaper.OnEnd = peers => peers.Should().OnlyContain(peer => running.Firewall.Blocked.Contains(peer.BaseAddress.ToString()));

        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));

        (await running.Reaper.Ended.Task.WaitAsync(TimeSpan.FromSeconds(30))).Should().Equal(IPNetwork.Parse($"{Host}/32"));
    }

    [Test]
    public async Task A_host_that_is_released_before_the_second_look_keeps_its_sessions()
    {
        await using var running = new RunningEngine();
        var looks = 0;
        running.Reaper.OnEnd = _ => looks++;
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Reaper.Ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

        (await running.Engine.ReleaseAsync(new IPNetwork(IPAddress.Parse(Host), 32))).Should().BeTrue();
        for (var second = 0; second < 120 && !running.Reaper.Stuck.Task.IsCompleted; second++)
        {
            running.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        await running.Reaper.Stuck.Task.WaitAsync(TimeSpan.FromSeconds(30));
        looks.Should().Be(1);
    }

    [Test]
    public async Task A_reaper_that_gives_up_stops_nothing()
    {
        await using var running = new RunningEngine();
        running.Reaper.OnEnd = _ => throw new TaskCanceledException("a reaper's own time-out");
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);

        await running.Log.WriteAsync(new LogText().Unknown(8, 4).End(8, Other));

        await running.Firewall.UntilBlocked(Host, Other);
        running.Run.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task It_can_be_stopped_while_its_firewall_starts()
    {
        var firewall = new SlowFirewall();
        using var stop = new CancellationTokenSource();
        var run = new DetectionEngine(new ScriptedLogSource(), new CountPolicy(), firewall).RunAsync(stop.Token);

        await stop.CancelAsync();

        await run.WaitAsync(TimeSpan.FromSeconds(30));
        firewall.IsStopped.Should().BeTrue("half a start may have left rules");
    }

    [Test]
    public async Task Stuck_sessions_are_looked_for_now_and_then()
    {
        await using var running = new RunningEngine(options => options.MaxCmdRead = TimeSpan.FromMinutes(2));
        while (!running.Reaper.Stuck.Task.IsCompleted)
        {
            running.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        (await running.Reaper.Stuck.Task).Should().Be(TimeSpan.FromMinutes(2));
    }

    [Test]
    public async Task Sessions_that_stall_are_looked_for_where_that_is_wanted_and_only_there([Values] bool isWanted)
    {
        await using var running = new RunningEngine(options =>
        {
            options.MaxCmdRead = TimeSpan.FromMinutes(2);
            options.MaxStall = isWanted ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
        });
        while (!running.Reaper.Stuck.Task.IsCompleted || (isWanted && !running.Reaper.Stalled.Task.IsCompleted))
        {
            running.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        if (isWanted)
            (await running.Reaper.Stalled.Task).Should().Be(TimeSpan.FromMinutes(1));
        else
            running.Reaper.Stalled.Task.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task An_observer_that_throws_stops_nothing()
    {
        await using var running = new RunningEngine(options => options.Observer = new Thrower());
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);
    }

    [Test]
    public async Task When_it_stops_it_takes_its_rules_away()
    {
        var running = new RunningEngine();
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);

        await running.DisposeAsync();

        running.Firewall.IsStopped.Should().BeTrue();
        running.Firewall.Blocked.Should().BeEmpty();
    }

    [Test]
    public async Task When_it_is_told_to_keep_its_rules_it_leaves_them()
    {
        var running = new RunningEngine(options => options.KeepRules = true);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);

        await running.DisposeAsync();

        running.Firewall.IsStopped.Should().BeFalse();
        running.Firewall.Blocked.Should().Equal(Host);
    }

    [Test]
    public async Task A_log_that_ends_ends_the_engine_after_its_last_block_is_in_place()
    {
        var running = new RunningEngine(options => options.KeepRules = true);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        running.Log.End();

        await running.Run.WaitAsync(TimeSpan.FromSeconds(30));

        running.Firewall.Blocked.Should().Equal(Host);
    }

    [Test]
    public async Task A_firewall_that_cannot_start_is_said_to_the_caller()
    {
        var engine = new DetectionEngine(new ScriptedLogSource(), new CountPolicy(), new MemoryFirewall { Failing = 1 });
        await FluentActions.Awaiting(() => engine.RunAsync(default)).Should().ThrowAsync<FirewallException>();
    }

    [Test]
    public async Task More_blocks_than_there_may_be_release_the_one_that_would_end_first()
    {
        await using var running = new RunningEngine(options => options.MaxBlocks = 2);
        for (var host = 1; host <= 3; host++)
        {
            await running.Log.WriteAsync(new LogText().Unknown(host, 4).End(host, $"203.0.113.{host}"));
            running.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await running.Firewall.UntilBlocked("203.0.113.2", "203.0.113.3");
        running.Seen.Lines.Should().Contain(line => line.Contains("unblock 203.0.113.1 Crowded"));
    }

    private sealed class Thrower : IEngineObserver
    {
        public void OnOffense(in Offense offense) => throw new InvalidOperationException("an observer's own defect");

        public void OnBlocked(Block block) => throw new InvalidOperationException("an observer's own defect");
    }

    private sealed class FixedLookup(string? peer) : IPeerLookup
    {
        public List<(int Pid, DateTimeOffset? StartedBefore)> Asked { get; } = [];

        public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore)
        {
            Asked.Add((processId, startedBefore));
            return peer is null ? PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess) : PeerLookupResult.Found(IPAddress.Parse(peer));
        }
    }

    private sealed class SlowFirewall : IFirewall
    {
        public bool IsStopped { get; private set; }

        public async ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken) =>
            await Task.Delay(Timeout.Infinite, cancellationToken);

        public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyCollection<IPNetwork>>([]);

        public ValueTask StopAsync(CancellationToken cancellationToken)
        {
            IsStopped = true;
            return ValueTask.CompletedTask;
        }
    }
}
