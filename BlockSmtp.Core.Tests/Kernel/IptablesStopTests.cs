namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft")]
[TestFixture("legacy")]
public sealed class IptablesStopTests(string flavour) : IptablesFixture(flavour)
{
    [Test]
    public async Task A_stop_leaves_nothing_of_ours_and_all_of_others()
    {
        foreach (var family in Families)
        {
            Iptables(family, "-N OTHER");
            Iptables(family, "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT");
            Iptables(family, "-A INPUT -p tcp -m tcp --dport 25 -j OTHER");
        }
        var before = Families.Select(Rules).ToArray();
        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);
        await Firewall.StopAsync(default);
        Families.Select(Rules).Should().BeEquivalentTo(before, options => options.WithStrictOrdering());
    }

    [Test]
    public async Task What_another_process_left_behind_is_removed()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Iptables("iptables", "-A INPUT -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS");
        await Make().StopAsync(default);
        Families.SelectMany(Rules).Should().BeEmpty();
    }

    [Test]
    public async Task A_chain_without_a_jump_is_removed()
    {
        Iptables("iptables", "-N SPAM_UNAME_GUESSERS");
        await Firewall.StopAsync(default);
        Rules("iptables").Should().BeEmpty();
    }

    [Test]
    public async Task A_chain_that_a_rule_of_others_needs_stays_empty_and_that_is_said()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Iptables("iptables", "-A FORWARD -j SPAM_UNAME_GUESSERS");
        await Firewall.StopAsync(default);
        Rules("iptables").Should().Equal("-N SPAM_UNAME_GUESSERS", "-A FORWARD -j SPAM_UNAME_GUESSERS");
        Log.Entries.Should().ContainSingle(entry => entry.Id == 1313);
    }
}
