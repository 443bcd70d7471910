using System.Globalization;
using System.Net;
using BlockSmtp.Firewalls;

namespace BlockSmtp.Tests.Kernel;

public sealed class NftablesApplyTests : NftablesFixture
{
    [TestCase(100, "1m40s")]
    [TestCase(18_000, "5h")]
    public async Task What_is_blocked_again_has_its_new_time(int seconds, string shown)
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        await Firewall.ApplyAsync([Block("192.0.2.1/32", TimeSpan.FromSeconds(seconds))], default);
        Lines().Should().Contain($"elements = {{ 192.0.2.1 timeout {shown} }}");
    }

    [Test]
    public async Task A_block_without_end_ends_in_a_thousand_days()
    {
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([FirewallChange.Block(IPNetwork.Parse("192.0.2.1/32"), DateTimeOffset.MaxValue)], default);
        Lines().Should().Contain("elements = { 192.0.2.1 timeout 1000d }");
    }

    [Test]
    public async Task The_kernel_releases_by_itself_what_nobody_releases()
    {
        var firewall = Make(time: TimeProvider.System);
        var end = TimeProvider.System.GetUtcNow().AddSeconds(1);
        string[] hosts = ["192.0.2.1/32", "192.0.3.0/24", "2001:db8::1/128", "2001:db8:1:1::/64"];
        await firewall.StartAsync([.. hosts.Select(host => new Block(IPNetwork.Parse(host), end, end, 4, "a test"))], default);
        await firewall.ApplyAsync([FirewallChange.Block(IPNetwork.Parse("192.0.2.2/32"), end.AddHours(1))], default);
        await LoopbackSockets.UntilAsync(async () => (await ListAsync(firewall)).Length == 1);
        (await ListAsync(firewall)).Should().Equal("192.0.2.2/32");
    }

    [Test]
    public async Task Ten_thousand_are_blocked_blocked_again_and_released_in_one_call_each()
    {
        var hosts = Enumerable.Range(0, 10_000)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"10.{i >> 8}.{i & 255}.1/32"))
            .ToArray();
        await Firewall.StartAsync([], default);
        for (var i = 0; i < 2; i++)
            await Firewall.ApplyAsync([.. hosts.Select(host => Block(host))], default);
        (await ListAsync()).Should().Equal(hosts.Order(StringComparer.Ordinal));
        await Firewall.ApplyAsync([.. hosts.Select(Release)], default);
        (await ListAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task Where_very_many_files_are_open_it_says_so_and_the_process_lives()
    {
        var files = Enumerable.Range(0, 1_100).Select(_ => File.OpenHandle("/dev/null")).ToArray();
        try
        {
            var start = () => Make().StartAsync([], default).AsTask();

            (await start.Should().ThrowAsync<FirewallException>()).WithMessage("*cannot be used by a process that has more than*");
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }

    [Test]
    public async Task One_that_is_blocked_again_and_one_that_is_released_change_at_once_with_one_that_is_new()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "192.0.2.2/32", "2001:db8::1/128"), default);
        await Firewall.ApplyAsync(
            [Block("192.0.2.1/32", TimeSpan.FromHours(1)), Release("192.0.2.2/32"), Block("192.0.3.0/24"), Release("2001:db8::9/128")],
            default);
        Lines().Should().Contain("elements = { 192.0.2.1 timeout 1h }").And.Contain("elements = { 192.0.3.0 timeout 3h }")
            .And.Contain("elements = { 2001:db8::1 timeout 3h }");
        (await ListAsync()).Should().Equal("192.0.2.1/32", "192.0.3.0/24", "2001:db8::1/128");
    }

    [Test]
    public async Task The_interface_of_a_link_local_address_is_left_out()
    {
        await Firewall.StartAsync([], default);
        var host = new IPNetwork(IPAddress.Parse("fe80::1%1"), 128);
        await Firewall.ApplyAsync([FirewallChange.Block(host, Now.AddHours(3))], default);
        (await ListAsync()).Should().Equal("fe80::1/128");
        await Firewall.ApplyAsync([FirewallChange.Release(host)], default);
        (await ListAsync()).Should().BeEmpty();
    }

    [TestCase("::ffff:192.0.2.1/128", "192.0.2.1/32")]
    [TestCase("::192.0.2.1/128", "::192.0.2.1/128")]
    [TestCase("64:ff9b::192.0.2.1/128", "64:ff9b::c000:201/128")]
    public async Task Addresses_of_both_families_in_one_are_what_the_kernel_sees(string network, string listed)
    {
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([Block(network)], default);
        (await Firewall.ListAsync(default)).Should().Equal(IPNetwork.Parse(listed));
    }

    [Test]
    public async Task Everybody_can_be_blocked_listed_and_released()
    {
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([Block("0.0.0.0/0"), Block("::/0")], default);
        (await ListAsync()).Should().Equal("0.0.0.0/0", "::/0");
        await Firewall.ApplyAsync([Release("0.0.0.0/0"), Release("::/0")], default);
        (await ListAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task After_a_foreign_deletion_a_change_fails_and_a_start_mends()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Nft("delete table inet blocksmtp");

        var failure = await FailureOf(Firewall.ApplyAsync([Block("192.0.2.2/32")], default));
        failure.Failure.Should().Be(FirewallFailure.Failed);
        failure.Message.Should().Be("nftables: No such file or directory: look at the rules with nft list table inet blocksmtp");

        await Firewall.StartAsync(Blocks("192.0.2.1/32", "192.0.2.2/32"), default);
        (await ListAsync()).Should().Equal("192.0.2.1/32", "192.0.2.2/32");
    }

    [Test]
    public async Task A_change_that_fails_is_not_made_in_part()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Nft("flush chain inet blocksmtp input");
        Nft("delete set inet blocksmtp hosts6");

        await FailureOf(Firewall.ApplyAsync([Block("192.0.2.2/32"), Block("10.0.0.0/8"), Block("2001:db8::1/128")], default));

        Lines().Should().Contain("elements = { 192.0.2.1 timeout 3h }").And.NotContain("set networks4_8 {");
    }

    [Test]
    public async Task A_library_that_is_missing_is_said_with_what_to_install()
    {
        var failure = await FailureOf(Make(library: "libnosuchthing.so.1").StartAsync(Blocks("192.0.2.1/32"), default));
        failure.Failure.Should().Be(FirewallFailure.Missing);
        failure.Message.Should().StartWith("libnosuchthing.so.1 is not installed: install the package libnftables1");
        Lines().Should().BeEmpty();
    }

    [Test]
    public async Task Who_gives_up_beforehand_changes_nothing()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        await FluentActions.Awaiting(() => Firewall.ApplyAsync([Block("192.0.2.2/32")], new CancellationToken(true)).AsTask())
            .Should().ThrowAsync<OperationCanceledException>();
        (await ListAsync()).Should().Equal("192.0.2.1/32");
    }

    [Test]
    public async Task The_handle_works_in_the_namespace_where_it_was_opened_whichever_thread_calls_later()
    {
        using var firewall = new NftablesFirewall(new(), Time);
        await new NamespacedFirewall(Network, firewall).StartAsync([], default);
        await firewall.ApplyAsync([Block("192.0.2.1/32")], default);
        Lines().Should().Contain("elements = { 192.0.2.1 timeout 3h }");
    }
}
