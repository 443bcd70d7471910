using System.Globalization;
using System.Net;
using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft")]
[TestFixture("legacy")]
public sealed class IpsetTests(string flavour) : IpsetFixture(flavour)
{
    private static readonly string[] OurSets =
        ["SPAM_UNAME_GUESSERS-h4", "SPAM_UNAME_GUESSERS-n4", "SPAM_UNAME_GUESSERS-h6", "SPAM_UNAME_GUESSERS-n6"];

    [Test]
    public async Task The_chain_has_two_rules_however_many_are_blocked()
    {
        await Firewall.StartAsync(Blocks("61.173.40.71/32", "61.173.40.72/32", "192.0.2.0/24", "2001:db8::1/128"), default);

        Rules("iptables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump, Rule("h4"), Rule("n4"));
        Rules("ip6tables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump, Rule("h6"), Rule("n6"));
        Sets().Should().BeEquivalentTo(OurSets);
        Ipset("save SPAM_UNAME_GUESSERS-n4").Should().Contain("create SPAM_UNAME_GUESSERS-n4 hash:net family inet ")
            .And.MatchRegex("add SPAM_UNAME_GUESSERS-n4 192.0.2.0/24 timeout 10[0-9]{3}\n");
    }

    [Test]
    public async Task What_a_crash_has_left_is_replaced()
    {
        await Make(new() { Ports = [2525] }).StartAsync(Blocks("192.0.2.9/32"), default);
        Ipset("create SPAM_UNAME_GUESSERS-H4 hash:net family inet");
        Iptables("iptables", "-A SPAM_UNAME_GUESSERS -s 192.0.2.8 -j DROP");

        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);

        (await ListAsync()).Should().Equal("192.0.2.1/32");
        Rules("iptables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump, Rule("h4"), Rule("n4"));
        Sets().Should().BeEquivalentTo(OurSets);
    }

    [Test]
    public async Task The_rules_of_an_iptables_firewall_are_replaced_and_the_other_way_round()
    {
        var iptables = new IptablesFirewall(new(), null, Tools);
        await iptables.StartAsync(Blocks("192.0.2.9/32"), default);
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Rules("iptables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump, Rule("h4"), Rule("n4"));
        await iptables.StartAsync([], default);
        Rules("iptables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump);
    }

    [TestCase("-F SPAM_UNAME_GUESSERS")]
    [TestCase("-D INPUT 1")]
    [TestCase("-I SPAM_UNAME_GUESSERS -j RETURN")]
    [TestCase("-I INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT")]
    public async Task What_a_foreign_hand_has_changed_counts_as_empty_until_a_start_mends_it(string foreign)
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        Iptables("iptables", foreign);

        (await ListAsync()).Should().Equal("2001:db8::1/128");
        Log.Entries.Should().ContainSingle(entry => entry.Id == 1333).Which.Message.Should().StartWith("iptables: ");
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        (await ListAsync()).Should().Equal("192.0.2.1/32", "2001:db8::1/128");
    }

    [Test]
    public async Task A_set_that_a_foreign_hand_has_emptied_is_empty_until_a_start_fills_it()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "192.0.2.0/24"), default);
        Ipset("flush SPAM_UNAME_GUESSERS-h4");
        (await ListAsync()).Should().Equal("192.0.2.0/24");
        await Firewall.ApplyAsync([Release("192.0.2.1/32"), Block("192.0.2.2/32")], default);
        (await ListAsync()).Should().Equal("192.0.2.0/24", "192.0.2.2/32");
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        (await ListAsync()).Should().Equal("192.0.2.1/32");
    }

    [Test]
    public async Task A_stop_leaves_nothing_of_ours_and_all_of_others()
    {
        foreach (var family in Families)
        {
            Iptables(family, "-N OTHER");
            Iptables(family, "-A INPUT -p tcp -m tcp --dport 25 -j OTHER");
        }
        Ipset("create other hash:ip");
        Ipset("add other 192.0.2.9");
        var before = Families.Select(Rules).ToArray();

        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        await Firewall.StopAsync(default);

        Families.Select(Rules).Should().BeEquivalentTo(before, options => options.WithStrictOrdering());
        Sets().Should().Equal("other");
        Ipset("save other").Should().Contain("add other 192.0.2.9");
    }

    [Test]
    public async Task A_set_that_a_rule_of_others_needs_stays_empty_and_that_is_said()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Iptables("iptables", "-A FORWARD -m set --match-set SPAM_UNAME_GUESSERS-h4 src -j DROP");
        await Firewall.StopAsync(default);
        Sets().Should().Equal("SPAM_UNAME_GUESSERS-h4");
        Ipset("save SPAM_UNAME_GUESSERS-h4").Should().NotContain("add ");
        Log.Entries.Should().ContainSingle(entry => entry.Id == 1334);
    }

    [Test]
    public async Task The_kernel_releases_by_itself_what_nobody_releases()
    {
        var firewall = Make(time: TimeProvider.System);
        var end = TimeProvider.System.GetUtcNow().AddSeconds(1);
        await firewall.StartAsync(
            [.. Blocks("192.0.2.1/32", "192.0.3.0/24", "2001:db8::1/128").Select(block => block with { Until = end })], default);
        await firewall.ApplyAsync([FirewallChange.Block(IPNetwork.Parse("192.0.2.2/32"), end.AddHours(1))], default);
        await LoopbackSockets.UntilAsync(async () => (await ListAsync(firewall)).Length == 1);
        (await ListAsync(firewall)).Should().Equal("192.0.2.2/32");
    }

    [TestCase(1000, "timeout (1000|[0-9]{1,3})\n")]
    [TestCase(30 * 86_400, "timeout 214[0-9]{4}\n")]
    public async Task What_is_blocked_again_has_its_new_time(int seconds, string saved)
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        await Firewall.ApplyAsync([Block("192.0.2.1/32", TimeSpan.FromSeconds(seconds))], default);
        Ipset("save SPAM_UNAME_GUESSERS-h4").Should().MatchRegex("add SPAM_UNAME_GUESSERS-h4 192.0.2.1 " + saved);
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
    public async Task Everybody_can_be_blocked_listed_and_released()
    {
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([Block("0.0.0.0/0"), Block("::/0")], default);
        (await ListAsync()).Should().Equal("0.0.0.0/0", "::/0");
        await Firewall.ApplyAsync([Release("0.0.0.0/0"), Release("::/0")], default);
        (await ListAsync()).Should().BeEmpty();
    }

    [TestCase("a.B_c-9")]
    [TestCase("0123456789012345678901234567")]
    public async Task A_chain_of_any_legal_name_comes_and_goes(string name)
    {
        var firewall = Make(new() { ChainName = name, Ports = [25, 587] });
        await firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        await firewall.ApplyAsync([Block("192.0.2.2/32"), Release("192.0.2.1/32")], default);
        (await ListAsync(firewall)).Should().Equal("192.0.2.2/32");
        await firewall.StopAsync(default);
        Families.SelectMany(Rules).Should().BeEmpty();
        Sets().Should().BeEmpty();
    }

    [Test]
    public async Task Without_IPv6_there_is_only_IPv4_and_IPv6_hosts_count_as_blocked()
    {
        var firewall = Make(tools: new() { Flavour = Flavour, Prefix = Network.Prefix, IPv6InterfacesFile = "/nonexistent" });
        await firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        await firewall.ApplyAsync([Block("2001:db8::2/128"), Release("2001:db8::1/128")], default);
        (await ListAsync(firewall)).Should().Equal("192.0.2.1/32", "2001:db8::2/128");
        Rules("ip6tables").Should().BeEmpty();
        await firewall.StopAsync(default);
        Sets().Should().BeEmpty();
    }

    [Test]
    public async Task A_tool_that_is_missing_is_said_before_anything_is_changed()
    {
        using var folder = new TemporaryFolder();
        foreach (var tool in Families.SelectMany(family => new[] { family + Flavour, family + Flavour + "-restore" }))
            File.CreateSymbolicLink(folder[tool], Requires.Find(tool)!);
        var firewall = Make(tools: new() { Flavour = Flavour, Prefix = Network.Prefix, SearchPath = [folder["."]] });

        var failure = await FailureOf(firewall.StartAsync(Blocks("192.0.2.1/32"), default));

        failure.Failure.Should().Be(FirewallFailure.Missing);
        failure.Message.Should().Be("ipset is not installed: install the package ipset");
        Families.SelectMany(Rules).Should().BeEmpty();
    }

    [Test]
    public async Task What_is_not_permitted_is_said_before_anything_is_changed()
    {
        var firewall = Make(tools: new()
        {
            Flavour = Flavour,
            Prefix = [.. Network.Prefix, "setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"],
        });
        var failure = await FailureOf(firewall.StartAsync(Blocks("192.0.2.1/32"), default));
        failure.Failure.Should().Be(FirewallFailure.NotPermitted);
        failure.Message.Should().StartWith("ipset: ").And.EndWith(": run as root or with CAP_NET_ADMIN");
        Families.SelectMany(Rules).Should().BeEmpty();
    }
}
