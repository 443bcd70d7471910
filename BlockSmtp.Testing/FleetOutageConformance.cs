using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>What a fleet must do beside that, whose server can be away or lose what it has kept.</summary>
public abstract class FleetOutageConformance : FleetConformance
{
    /// <summary>Takes the server away.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    protected abstract Task StopServerAsync();

    /// <summary>Brings the server back.</summary>
    /// <param name="isWiped">Whether it has lost all that it had kept.</param>
    /// <returns>A task that ends when it is there; hosts may need a moment to notice.</returns>
    protected abstract Task StartServerAsync(bool isWiped);

    /// <summary>What is said while the server is away waits, nobody waits for it, and it arrives when the server is back.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task What_is_said_while_the_server_is_away_arrives_afterwards()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var second = new FleetListener(two);
        await HeardAsync(one, second);
        await StopServerAsync();
        for (var host = 1; host <= 100; host++)
            one.Announce(Block($"192.0.2.{host}/32"));
        one.Announce(Release("192.0.2.5/32"));
        one.Announce(Offense("192.0.2.200", 1));
        Assert.That(one.Status.Waiting, Is.GreaterThanOrEqualTo(100));
        await StartServerAsync(isWiped: false);

        await second.UntilAsync(words => words.Any(word => word.Kind == FleetWordKind.Offense) && Blocked(second).Count == 100);
        Assert.That(Blocked(second), Does.Contain("198.51.100.1/32").And.Contain("192.0.2.100/32").And.Not.Contain("192.0.2.5/32"));
        Assert.That(second.Heard.Count(word => word.Kind == FleetWordKind.Offense), Is.EqualTo(1));
        await UntilAsync(() => one.Status.Waiting == 0, "nothing waits any more");
    }

    /// <summary>Whoever was alone while the server was away hears what others have said meanwhile.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Both_sides_catch_up()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var first = new FleetListener(one);
        await using var second = new FleetListener(two);
        await HeardAsync(one, second);
        await StopServerAsync();
        one.Announce(Block("192.0.2.1/32"));
        two.Announce(Block("192.0.2.2/32"));
        two.Announce(Release("198.51.100.1/32"));
        await StartServerAsync(isWiped: false);
        await first.UntilAsync(FleetWordKind.Block, "192.0.2.2/32");
        await first.UntilAsync(FleetWordKind.Release, "198.51.100.1/32");
        await second.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
    }

    /// <summary>
    /// When the server has lost everything, each host says again what it has blocked and is in force, and what was released is not said.
    /// </summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task When_the_server_has_lost_everything_it_is_said_again()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var first = new FleetListener(one);
        await using var second = new FleetListener(two);
        await HeardAsync(one, second);
        one.Announce(Block("192.0.2.1/32"));
        one.Announce(Block("192.0.2.2/32"));
        one.Announce(Release("192.0.2.2/32"));
        await second.UntilAsync(FleetWordKind.Release, "192.0.2.2/32");
        two.Announce(Block("192.0.2.3/32"));
        await first.UntilAsync(FleetWordKind.Block, "192.0.2.3/32");
        await StopServerAsync();
        await StartServerAsync(isWiped: true);

        await using var third = new FleetListener(Joined("mx3"));
        await third.UntilAsync(words => Blocked(third).Count == 3);
        Assert.That(Blocked(third), Is.EquivalentTo(["198.51.100.1/32", "192.0.2.1/32", "192.0.2.3/32"]));
    }

    /// <summary>A fleet whose server is away from the start comes to life with it.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Who_begins_while_the_server_is_away_joins_when_it_is_back()
    {
        var one = Joined("mx1");
        await using var first = new FleetListener(one);
        await StopServerAsync();
        var two = Joined("mx2");
        await using var second = new FleetListener(two);
        two.Announce(Block("192.0.2.1/32"));
        one.Announce(Block("192.0.2.2/32"));
        await StartServerAsync(isWiped: false);
        await first.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
        await second.UntilAsync(FleetWordKind.Block, "192.0.2.2/32");
    }
}
