using System.Net;

namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft")]
[TestFixture("legacy")]
public sealed class IptablesApplyTests(string flavour) : IptablesFixture(flavour)
{
    [Test]
    public async Task A_release_takes_away_one_rule_and_leaves_the_order()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "192.0.2.2/32", "192.0.2.3/32"), default);
        await Firewall.ApplyAsync([Release("192.0.2.2/32"), Block("192.0.2.4/32")], default);
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("192.0.2.1/32"), Rule("192.0.2.3/32"), Rule("192.0.2.4/32"));
    }

    [Test]
    public async Task What_is_blocked_again_has_one_rule()
    {
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([Block("192.0.2.1/32")], default);
        await Firewall.ApplyAsync([Block("192.0.2.1/32")], default);
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("192.0.2.1/32"));
    }

    [Test]
    public async Task The_interface_of_a_link_local_address_is_left_out()
    {
        await Firewall.StartAsync([], default);
        var host = new IPNetwork(IPAddress.Parse("fe80::1%1"), 128);
        await Firewall.ApplyAsync([FirewallChange.Block(host, DateTimeOffset.UnixEpoch)], default);
        Rules("ip6tables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("fe80::1/128"));
        await Firewall.ApplyAsync([FirewallChange.Release(host)], default);
        Rules("ip6tables", "SPAM_UNAME_GUESSERS").Should().BeEmpty();
    }

    [Test]
    public async Task An_IPv4_host_on_a_dual_stack_socket_is_blocked_as_IPv4()
    {
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([Block("::ffff:192.0.2.1/128")], default);
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("192.0.2.1/32"));
        Rules("ip6tables", "SPAM_UNAME_GUESSERS").Should().BeEmpty();
    }

    [Test]
    public async Task Everybody_can_be_blocked_listed_and_released()
    {
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([Block("0.0.0.0/0"), Block("::/0")], default);
        (await Firewall.ListAsync(default)).Select(network => network.ToString()).Should().Equal("0.0.0.0/0", "::/0");
        await Firewall.ApplyAsync([Release("0.0.0.0/0"), Release("::/0")], default);
        (await Firewall.ListAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task After_a_foreign_flush_a_release_fails_and_the_next_call_mends()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "192.0.2.2/32"), default);
        Iptables("iptables", "-F SPAM_UNAME_GUESSERS");

        var failure = await FailureOf(Firewall.ApplyAsync([Release("192.0.2.1/32")], default));
        failure.Failure.Should().Be(FirewallFailure.Failed);
        failure.Message.Should().StartWith($"iptables{Flavour}-restore: ").And.Contain("line 2 failed");

        await Firewall.ApplyAsync([Release("192.0.2.1/32")], default);
        Rules("iptables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump, Rule("192.0.2.2/32"));
    }

    [Test]
    public async Task After_everything_was_removed_by_a_foreign_hand_a_block_fails_and_a_start_mends()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Iptables("iptables", "-F");
        Iptables("iptables", "-X");

        await FailureOf(Firewall.ApplyAsync([Block("192.0.2.2/32")], default));
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "192.0.2.2/32"), default);
        Rules("iptables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump, Rule("192.0.2.1/32"), Rule("192.0.2.2/32"));
    }

    [TestCase("-D INPUT 1")]
    [TestCase("-I INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT")]
    public async Task A_chain_that_is_not_reached_first_counts_as_empty_until_a_start_mends_it(string foreign)
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        Iptables("ip6tables", foreign);

        (await Firewall.ListAsync(default)).Should().Equal(IPNetwork.Parse("192.0.2.1/32"));
        Log.Entries.Should().ContainSingle(entry => entry.Id == 1312).Which.Message.Should().StartWith("ip6tables: ");
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        (await Firewall.ListAsync(default)).Should().HaveCount(2);
    }

    [Test]
    public async Task Foreign_rules_in_the_chain_are_not_listed()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Iptables("iptables", "-A SPAM_UNAME_GUESSERS -s 192.0.2.2 -j RETURN");
        Iptables("iptables", "-A SPAM_UNAME_GUESSERS ! -s 192.0.2.3 -p tcp -m tcp --dport 25 -j DROP");
        Iptables("iptables", "-A SPAM_UNAME_GUESSERS -s 192.0.2.4 -d 192.0.2.5 -p tcp -m tcp --dport 25 -j DROP");
        (await Firewall.ListAsync(default)).Should().Equal(IPNetwork.Parse("192.0.2.1/32"));
    }

    [Test]
    public async Task When_one_family_fails_the_other_is_done_and_known_to_be()
    {
        await Firewall.StartAsync([], default);
        Iptables("ip6tables", "-F");
        Iptables("ip6tables", "-X SPAM_UNAME_GUESSERS");

        FirewallChange[] changes = [Block("192.0.2.1/32"), Block("2001:db8::1/128")];
        (await FailureOf(Firewall.ApplyAsync(changes, default))).Message.Should().StartWith("ip6tables");
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("192.0.2.1/32"));

        await Firewall.ApplyAsync(changes, default);
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("192.0.2.1/32"));
        Rules("ip6tables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("2001:db8::1/128"));
        await Firewall.ApplyAsync([Release("192.0.2.1/32")], default);
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().BeEmpty();
    }

    [Test]
    public async Task When_both_families_fail_both_are_named()
    {
        await Firewall.StartAsync([], default);
        foreach (var family in Families)
        {
            Iptables(family, "-F");
            Iptables(family, "-X SPAM_UNAME_GUESSERS");
        }
        (await FailureOf(Firewall.ApplyAsync([Block("192.0.2.1/32"), Block("2001:db8::1/128")], default)))
            .Message.Should().Match("iptables*; ip6tables*");
    }

    [Test]
    public async Task Who_gives_up_beforehand_changes_nothing()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        var before = Rules("iptables");
        await FluentActions.Awaiting(() => Firewall.ApplyAsync([Block("192.0.2.2/32")], new CancellationToken(true)).AsTask())
            .Should().ThrowAsync<OperationCanceledException>();
        Rules("iptables").Should().Equal(before);
    }
}
