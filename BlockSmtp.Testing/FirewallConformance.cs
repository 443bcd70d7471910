using System.Globalization;
using System.Net;
using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>
/// What every <see cref="IFirewall"/> must do. Derive from it to test one of your own; where yours shares its place with rules of
/// others, derive from <see cref="SharedFirewallConformance"/>.
/// </summary>
/// <remarks>
/// The tests block addresses and networks of 192.0.2.0/24, 198.51.0.0/16, 10.0.0.0/8 and 2001:db8::/32, also wide ones: run them where that
/// cuts nobody off. A test leaves behind what it has blocked; a <c>[TearDown]</c> of yours clears what that is.
/// </remarks>
public abstract class FirewallConformance
{
    private readonly List<IFirewall> _made = [];

    /// <summary>The firewall of the test: made when it is first asked for, and disposed of after the test.</summary>
    protected IFirewall Firewall => _made is [var first, ..] ? first : MakeOne();

    /// <summary>When blocks are to end. Default: three hours after the fixture was made.</summary>
    protected virtual DateTimeOffset Until { get; } = TimeProvider.System.GetUtcNow().AddHours(3);

    /// <summary>How many networks are blocked and released at once in one of the tests. Default 10,000; at least 10.</summary>
    protected virtual int Many => 10_000;

    /// <summary>
    /// Whether it blocks in a place outside of itself, such as the kernel, a file or a router, where another instance finds what it has
    /// blocked. Default true; false for one that blocks nobody and only remembers, such as a dry run.
    /// </summary>
    protected virtual bool HasPlaceOfItsOwn => true;

    /// <summary>
    /// Makes a firewall over whatever state is there. Called at least once in a test, and once more where the second stands for the
    /// program that starts after the first has crashed, or looks on.
    /// </summary>
    /// <returns>A firewall that nobody has started.</returns>
    protected abstract IFirewall Make();

    /// <summary>Disposes of the test's firewalls. NUnit calls it after the <c>[TearDown]</c> of a derived fixture.</summary>
    [TearDown]
    public void DisposeFirewalls()
    {
        foreach (var firewall in _made)
            (firewall as IDisposable)?.Dispose();
        _made.Clear();
    }

    /// <summary>It starts with nobody blocked.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_start_without_blocks_blocks_nobody()
    {
        await StartAsync();
        await ExpectAsync();
    }

    /// <summary>It starts with those blocked that it is given.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_start_blocks_what_it_is_given()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await ExpectAsync("192.0.2.1/32", "2001:db8::1/128");
    }

    /// <summary>Another start releases those that it is not given.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_start_takes_away_what_it_is_not_given()
    {
        await StartAsync("192.0.2.1/32", "192.0.2.2/32", "2001:db8::1/128");
        await StartAsync("192.0.2.2/32", "192.0.2.3/32");
        await ExpectAsync("192.0.2.2/32", "192.0.2.3/32");
    }

    /// <summary>A start that was made already changes nothing.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_start_may_be_repeated()
    {
        for (var i = 0; i < 3; i++)
            await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await ExpectAsync("192.0.2.1/32", "2001:db8::1/128");
    }

    /// <summary>Single hosts of both families are blocked and released.</summary>
    /// <param name="host">The host.</param>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_host_is_blocked_and_released([Values("192.0.2.1/32", "2001:db8::1/128")] string host)
    {
        await StartAsync();
        await BlockAsync(host);
        await ExpectAsync(host);
        await ReleaseAsync(host);
        await ExpectAsync();
    }

    /// <summary>Networks of any width are blocked and released.</summary>
    /// <param name="network">The network.</param>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_network_is_blocked_and_released(
        [Values("192.0.2.0/24", "2001:db8:0:1::/64", "10.0.0.0/8", "2001:db8::/45")] string network)
    {
        await StartAsync();
        await BlockAsync(network);
        await ExpectAsync(network);
        await ReleaseAsync(network);
        await ExpectAsync();
    }

    /// <summary>A release of a network leaves a host in it blocked that was blocked by itself.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_host_and_the_network_around_it_are_two_blocks()
    {
        await StartAsync();
        await BlockAsync("192.0.2.0/24", "192.0.2.1/32", "192.0.2.0/32");
        await ReleaseAsync("192.0.2.0/24");
        await ExpectAsync("192.0.2.1/32", "192.0.2.0/32");
    }

    /// <summary>A release of a network leaves the wider network blocked.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_network_and_the_one_around_it_are_two_blocks()
    {
        await StartAsync("198.51.100.0/24", "2001:db8::/48");
        await BlockAsync("198.51.0.0/16", "2001:db8:0:1::/64");
        await ReleaseAsync("198.51.100.0/24", "2001:db8::/48");
        await ExpectAsync("198.51.0.0/16", "2001:db8:0:1::/64");
    }

    /// <summary>A block may be repeated, with the same end, a later or an earlier one, and is still one block.</summary>
    /// <param name="hours">How much later the block is to end the second time, in hours.</param>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task What_is_blocked_can_be_blocked_again_until_another_time([Values(0, 1, -1)] int hours)
    {
        string[] networks = ["192.0.2.1/32", "192.0.2.0/24", "2001:db8::1/128", "2001:db8:0:1::/64"];
        await StartAsync(networks);
        await BlockAsync(Until.AddHours(hours), networks);
        await ExpectAsync(networks);
        await ReleaseAsync(networks);
        await ExpectAsync();
    }

    /// <summary>A release of what is not blocked does nothing.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task To_release_what_is_not_blocked_is_no_error()
    {
        await StartAsync("192.0.2.1/32");
        await ReleaseAsync("192.0.2.2/32", "2001:db8::1/128", "192.0.2.0/24", "2001:db8::/64");
        await ExpectAsync("192.0.2.1/32");
    }

    /// <summary>Nothing is remembered of a block that has been released.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_released_host_can_be_blocked_again()
    {
        await StartAsync();
        await BlockAsync("192.0.2.1/32");
        await ReleaseAsync("192.0.2.1/32");
        await BlockAsync("192.0.2.1/32");
        await ExpectAsync("192.0.2.1/32");
    }

    /// <summary>One call may block and release, of both families.</summary>
    /// <returns>A task that ends with the test.</returns>
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

    /// <summary>Many hosts of both families, with some networks among them, go in one call each.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Many_are_blocked_and_released_at_once()
    {
        var networks = Enumerable.Range(0, Many).Select(Numbered).ToArray();
        await StartAsync();
        await BlockAsync(networks);
        await ExpectAsync(networks);
        await ReleaseAsync(networks[..^3]);
        await ExpectAsync(networks[^3..]);
    }

    /// <summary>Many hosts are blocked by the start itself.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Many_are_blocked_by_a_start()
    {
        var networks = Enumerable.Range(0, Many).Select(Numbered).ToArray();
        await StartAsync(networks);
        await ExpectAsync(networks);
        await StartAsync(networks[..1]);
        await ExpectAsync(networks[..1]);
    }

    /// <summary>
    /// What is blocked is listed by another instance too, which has not been started: it is read back from the thing itself, and not from
    /// memory. Passes where <see cref="HasPlaceOfItsOwn"/> is false.
    /// </summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Another_instance_lists_what_is_blocked()
    {
        if (!HasPlaceOfItsOwn)
            Assert.Pass("it only remembers, and says so");
        await StartAsync("192.0.2.1/32", "192.0.2.2/32", "2001:db8::1/128");
        await BlockAsync("2001:db8:0:1::/64");
        await ReleaseAsync("192.0.2.1/32");
        var other = MakeOne();
        await ExpectAsync(other, "192.0.2.2/32", "2001:db8::1/128", "2001:db8:0:1::/64");
    }

    /// <summary>A program that starts after a crash has exactly those blocked that it wants.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_start_clears_up_what_a_crash_has_left()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        await BlockAsync("192.0.2.2/32", "2001:db8:0:1::/64");
        var next = MakeOne();
        await StartAsync(next, "192.0.2.2/32", "2001:db8::3/128");
        await ExpectAsync(next, "192.0.2.2/32", "2001:db8::3/128");
        await next.ApplyAsync([FirewallChange.Release(IPNetwork.Parse("192.0.2.2/32"))], default);
        await ExpectAsync(next, "2001:db8::3/128");
    }

    /// <summary>A program that only stops takes away what a crash has left.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_stop_takes_away_what_a_crash_has_left()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::1/128");
        var next = MakeOne();
        await next.StopAsync(default);
        await ExpectAsync(next);
    }

    /// <summary>A stop releases everybody.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task After_a_stop_nobody_is_blocked()
    {
        await StartAsync("192.0.2.1/32", "2001:db8::/64");
        await Firewall.StopAsync(default);
        await ExpectAsync();
    }

    /// <summary>Where there is nothing to take away a stop does nothing.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task To_stop_twice_or_before_any_start_is_no_error()
    {
        await Firewall.StopAsync(default);
        await StartAsync("192.0.2.1/32");
        await Firewall.StopAsync(default);
        await Firewall.StopAsync(default);
        await ExpectAsync();
    }

    /// <summary>After a stop it can be used as if new.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task It_can_be_started_again_after_a_stop()
    {
        await StartAsync("192.0.2.1/32");
        await Firewall.StopAsync(default);
        await StartAsync("192.0.2.2/32");
        await BlockAsync("192.0.2.1/32");
        await ExpectAsync("192.0.2.1/32", "192.0.2.2/32");
    }

    /// <summary>Makes another firewall, disposed of after the test.</summary>
    /// <returns>What <see cref="Make"/> makes.</returns>
    protected IFirewall MakeOne()
    {
        _made.Add(Make());
        return _made[^1];
    }

    /// <summary>Starts the firewall with blocks until <see cref="Until"/>.</summary>
    /// <param name="networks">Whom to block, such as <c>192.0.2.1/32</c>.</param>
    /// <returns>A task that ends when they are blocked.</returns>
    protected Task StartAsync(params string[] networks) => StartAsync(Firewall, networks);

    /// <summary>Blocks until <see cref="Until"/>.</summary>
    /// <param name="networks">Whom, such as <c>192.0.2.1/32</c>.</param>
    /// <returns>A task that ends when they are blocked.</returns>
    protected Task BlockAsync(params string[] networks) => BlockAsync(Until, networks);

    /// <summary>Releases.</summary>
    /// <param name="networks">Whom, such as <c>192.0.2.1/32</c>.</param>
    /// <returns>A task that ends when they are released.</returns>
    protected Task ReleaseAsync(params string[] networks) =>
        Firewall.ApplyAsync([.. networks.Select(network => FirewallChange.Release(IPNetwork.Parse(network)))], default).AsTask();

    /// <summary>Reads the firewall back, and fails unless exactly these are blocked.</summary>
    /// <param name="networks">Who is to be blocked, in any order.</param>
    /// <returns>A task that ends when that is so.</returns>
    protected Task ExpectAsync(params string[] networks) => ExpectAsync(Firewall, networks);

    private Task StartAsync(IFirewall firewall, params string[] networks) =>
        firewall.StartAsync(
            [.. networks.Select(network => new Block(IPNetwork.Parse(network), Until.AddHours(-3), Until, 4, "a test"))], default).AsTask();

    private Task BlockAsync(DateTimeOffset until, string[] networks) =>
        Firewall.ApplyAsync([.. networks.Select(network => FirewallChange.Block(IPNetwork.Parse(network), until))], default).AsTask();

    private static async Task ExpectAsync(IFirewall firewall, params string[] networks)
    {
        var blocked = await firewall.ListAsync(default);
        Assert.That(
            blocked.Select(network => network.ToString()).Order(StringComparer.Ordinal),
            Is.EqualTo(networks.Order(StringComparer.Ordinal)),
            "what ListAsync says is blocked");
    }

    /// <summary>Different networks: of ten, five IPv4 and three IPv6 hosts, and a network of either.</summary>
    private static string Numbered(int number) => (number % 10) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"10.{number >> 8 & 255}.{number & 255}.0/24"),
        1 => string.Create(CultureInfo.InvariantCulture, $"2001:db8:{number:x}::/64"),
        2 or 3 or 4 => string.Create(CultureInfo.InvariantCulture, $"2001:db8::1:{number:x}/128"),
        _ => string.Create(CultureInfo.InvariantCulture, $"10.{number >> 8 & 255}.{number & 255}.7/32"),
    };
}
