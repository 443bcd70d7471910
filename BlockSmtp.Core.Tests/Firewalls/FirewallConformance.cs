using System.Globalization;
using System.Net;

namespace BlockSmtp.Tests.Firewalls;

/// <summary>What every <see cref="IFirewall"/> must do. Derive from it to test one of your own.</summary>
public abstract class FirewallConformance
{
    protected static readonly DateTimeOffset Until = new(2026, 11, 23, 21, 0, 5, TimeSpan.Zero);

    /// <summary>A firewall that nobody has started, the same one throughout a test.</summary>
    protected abstract IFirewall Firewall { get; }

    [Test]
    public async Task A_start_without_blocks_blocks_nobody()
    {
        await Firewall.StartAsync([], default);
        await ExpectAsync();
    }

    [Test]
    public async Task A_start_blocks_what_it_is_given()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await ExpectAsync("192.0.2.1/32", "2001:db8::1/128");
    }

    [Test]
    public async Task A_start_takes_away_what_it_is_not_given()
    {
        await StartAsync("192.0.2.1/32", "192.0.2.2/32", "2001:db8::1/128");
        await StartAsync("192.0.2.2/32", "192.0.2.3/32");
        await ExpectAsync("192.0.2.2/32", "192.0.2.3/32");
    }

    [Test]
    public async Task A_start_may_be_repeated()
    {
        for (var i = 0; i < 3; i++)
            await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await ExpectAsync("192.0.2.1/32", "2001:db8::1/128");
    }

    [Test]
    public async Task A_host_is_blocked_and_released([Values("192.0.2.1/32", "2001:db8::1/128")] string host)
    {
        await StartAsync();
        await BlockAsync(host);
        await ExpectAsync(host);
        await ReleaseAsync(host);
        await ExpectAsync();
    }

    [Test]
    public async Task A_network_is_blocked_and_released([Values("192.0.2.0/24", "2001:db8:0:1::/64", "10.0.0.0/8", "2001:db8::/45")] string network)
    {
        await StartAsync();
        await BlockAsync(network);
        await ExpectAsync(network);
        await ReleaseAsync(network);
        await ExpectAsync();
    }

    [Test]
    public async Task A_host_and_the_network_around_it_are_two_blocks()
    {
        await StartAsync();
        await BlockAsync("192.0.2.0/24", "192.0.2.1/32", "192.0.2.0/32");
        await ReleaseAsync("192.0.2.0/24");
        await ExpectAsync("192.0.2.1/32", "192.0.2.0/32");
    }

    [Test]
    public async Task A_network_and_the_one_around_it_are_two_blocks()
    {
        await StartAsync("198.51.100.0/24", "2001:db8::/48");
        await BlockAsync("198.51.0.0/16", "2001:db8:0:1::/64");
        await ReleaseAsync("198.51.100.0/24", "2001:db8::/48");
        await ExpectAsync("198.51.0.0/16", "2001:db8:0:1::/64");
    }

    [Test]
    public async Task To_block_what_is_blocked_is_no_error()
    {
        await StartAsync("192.0.2.1/32");
        await BlockAsync("192.0.2.1/32");
        await Firewall.ApplyAsync([FirewallChange.Block(IPNetwork.Parse("192.0.2.1/32"), Until.AddHours(1))], default);
        await ExpectAsync("192.0.2.1/32");
        await ReleaseAsync("192.0.2.1/32");
        await ExpectAsync();
    }

    [Test]
    public async Task To_release_what_is_not_blocked_is_no_error()
    {
        await StartAsync("192.0.2.1/32");
        await ReleaseAsync("192.0.2.2/32", "2001:db8::1/128");
        await ExpectAsync("192.0.2.1/32");
    }

    [Test]
    public async Task A_released_host_can_be_blocked_again()
    {
        await StartAsync();
        await BlockAsync("192.0.2.1/32");
        await ReleaseAsync("192.0.2.1/32");
        await BlockAsync("192.0.2.1/32");
        await ExpectAsync("192.0.2.1/32");
    }

    [Test]
    public async Task Blocks_and_releases_of_both_families_go_together()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await Firewall.ApplyAsync(
            [
                FirewallChange.Block(IPNetwork.Parse("192.0.2.2/32"), Until),
                FirewallChange.Release(IPNetwork.Parse("2001:db8::1/128")),
                FirewallChange.Block(IPNetwork.Parse("2001:db8::2/128"), Until),
                FirewallChange.Release(IPNetwork.Parse("192.0.2.1/32")),
            ],
            default);
        await ExpectAsync("192.0.2.2/32", "2001:db8::2/128");
    }

    [Test]
    public async Task Two_thousand_hosts_are_blocked_and_released_at_once()
    {
        var hosts = Enumerable.Range(1, 1000)
            .SelectMany(i => new[] { $"10.0.{i / 250}.{i % 250}/32", string.Create(CultureInfo.InvariantCulture, $"2001:db8::{i:x}/128") })
            .ToArray();
        await StartAsync();
        await BlockAsync(hosts);
        await ExpectAsync(hosts);
        await ReleaseAsync(hosts[..^3]);
        await ExpectAsync(hosts[^3..]);
    }

    [Test]
    public async Task After_a_stop_nobody_is_blocked()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::/64");
        await Firewall.StopAsync(default);
        await ExpectAsync();
    }

    [Test]
    public async Task To_stop_twice_or_before_any_start_is_no_error()
    {
        await Firewall.StopAsync(default);
        await StartAsync("192.0.2.1/32");
        await Firewall.StopAsync(default);
        await Firewall.StopAsync(default);
        await ExpectAsync();
    }

    [Test]
    public async Task It_can_be_started_again_after_a_stop()
    {
        await StartAsync("192.0.2.1/32");
        await Firewall.StopAsync(default);
        await StartAsync("192.0.2.2/32");
        await BlockAsync("192.0.2.1/32");
        await ExpectAsync("192.0.2.1/32", "192.0.2.2/32");
    }

    protected Task StartAsync(params string[] networks) =>
        Firewall.StartAsync([.. networks.Select(network => new Block(IPNetwork.Parse(network), Until.AddHours(-3), Until, 4, "a test"))], default).AsTask();

    protected Task BlockAsync(params string[] networks) =>
        Firewall.ApplyAsync([.. networks.Select(network => FirewallChange.Block(IPNetwork.Parse(network), Until))], default).AsTask();

    protected Task ReleaseAsync(params string[] networks) =>
        Firewall.ApplyAsync([.. networks.Select(network => FirewallChange.Release(IPNetwork.Parse(network)))], default).AsTask();

    protected async Task ExpectAsync(params string[] networks) =>
        (await Firewall.ListAsync(default)).Select(network => network.ToString())
            .Order(StringComparer.Ordinal).Should().Equal(networks.Order(StringComparer.Ordinal));
}
