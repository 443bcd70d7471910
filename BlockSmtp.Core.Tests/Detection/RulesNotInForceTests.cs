using System.Net;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Detection;

/// <summary>Blocked hosts that guess on: the rules are gone, or the firewall does not take them.</summary>
public sealed class RulesNotInForceTests
{
    private const string Host = "203.0.113.20";
    private static readonly IPNetwork HostNetwork = IPNetwork.Parse($"{Host}/32");

    [Test]
    public async Task A_guess_of_a_host_that_has_been_blocked_for_a_while_brings_the_rules_back_and_ends_its_sessions()
    {
        await using var running = new RunningEngine(options => options.CompareInterval = TimeSpan.FromHours(1));
        var ended = CountEnded(running);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);
        await Eventually.IsTrue(() => ended() == 1, "its session is ended");
        running.Firewall.Flush();
        // The timer of the second look may be set only after the first advance.
        await Eventually.IsTrue(
            () =>
            {
                running.Time.Advance(TimeSpan.FromSeconds(1));
                return ended() == 2;
            },
            "the second look is over");

        await running.Log.WriteAsync(new LogText().At("18:00:08").Unknown(8, 1).End(8, Host));

        await running.Firewall.UntilBlocked(Host);
        await Eventually.IsTrue(() => ended() > 2, "its new session is ended");
        running.Engine.Counters.Repairs.Should().Be(1);
    }

    [Test]
    public async Task Many_guesses_of_the_blocked_have_the_firewall_looked_at_once_a_second_at_most()
    {
        await using var running = new RunningEngine(options => options.CompareInterval = TimeSpan.FromHours(1));
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);
        await running.Log.WriteAsync(new LogText().Unknown(8, 1).End(8, Host));
        await running.Engine.HeartbeatAsync();
        running.Firewall.Lists.Should().Be(0, "what was on its way is no sign of anything");

        running.Time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 50; i++)
        {
            await running.Log.WriteAsync(new LogText().At("18:00:08").Unknown(9 + i, 1).End(9 + i, Host));
            await running.Engine.HeartbeatAsync();
        }

        running.Firewall.Lists.Should().Be(1);
        running.Time.Advance(TimeSpan.FromSeconds(1.1));
        await Eventually.IsTrue(() => running.Firewall.Lists == 2, "what came meanwhile has it looked at again");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task While_the_firewall_fails_or_hangs_the_sessions_of_the_blocked_are_ended(bool hangs)
    {
        await using var running = new RunningEngine();
        var open = new TaskCompletionSource();
        if (hangs)
            running.Firewall.Gate = open.Task;
        else
            running.Firewall.Failing = int.MaxValue;
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));

        await Eventually.IsTrue(
            () =>
            {
                running.Time.Advance(TimeSpan.FromMilliseconds(100));
                return running.Reaper.Ended.Task.IsCompleted;
            },
            "its sessions are ended");

        (await running.Reaper.Ended.Task).Should().Equal(HostNetwork);
        running.Firewall.Blocked.Should().BeEmpty();
        open.SetResult();
        running.Firewall.Failing = 0;
    }

    private static Func<int> CountEnded(RunningEngine running)
    {
        var count = 0;
        running.Reaper.OnEnd = peers => Interlocked.Add(ref count, peers.Count(peer => peer.Equals(HostNetwork)));
        return () => Volatile.Read(ref count);
    }
}
