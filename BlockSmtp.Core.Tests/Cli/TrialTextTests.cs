using BlockSmtp.Cli.Output;
using BlockSmtp.Tests.Control;

namespace BlockSmtp.Tests.Cli;

/// <summary>A trial is told of for as long as it runs.</summary>
public sealed class TrialTextTests
{
    private static readonly DateTimeOffset End = new(2026, 11, 30, 2, 0, 20, TimeSpan.Zero);

    [Test]
    public void A_trial_is_said_until_it_is_over()
    {
        TrialText.Of(End, End.AddSeconds(-1)).Should().Be(", trial until 2026-11-30 02:00 UTC");
        TrialText.Of(End, End).Should().BeEmpty();
        TrialText.Of(null, End).Should().BeEmpty();
    }

    [Test]
    public async Task Whoever_asks_a_daemon_is_told_of_its_trial_until_that_is_over()
    {
        var now = End.AddSeconds(-1);
        await using var control = new RunningControl(options => options.FirewallNow = () => "nftables" + TrialText.Of(End, now));
        await using var client = await control.ConnectAsync();

        (await TrialText.EndAsync(client)).Should().Be("2026-11-30 02:00 UTC");
        now = End;
        (await TrialText.EndAsync(client)).Should().BeNull();
        (await client.GetStatusAsync()).Daemon.Firewall.Should().Be("nftables");
    }
}
