namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft")]
[TestFixture("legacy")]
public sealed class IptablesStartTests(string flavour) : IptablesFixture(flavour)
{
    // Rules that were there before, by a foreign hand or by a crash.
    private static readonly TestCaseData[] OddStates =
    [
        Odd("an empty chain", "-N SPAM_UNAME_GUESSERS"),
        Odd(
            "stale rules",
            "-N SPAM_UNAME_GUESSERS",
            "-A SPAM_UNAME_GUESSERS -p tcp --dport 25 -j DROP",
            "-A SPAM_UNAME_GUESSERS -j ACCEPT"),
        Odd("the jump in its place", "-N SPAM_UNAME_GUESSERS", "-I INPUT -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS"),
        Odd(
            "the jump twice",
            "-N SPAM_UNAME_GUESSERS",
            "-I INPUT -p tcp --dport 25 -j SPAM_UNAME_GUESSERS",
            "-A INPUT -p tcp --dport 25 -j SPAM_UNAME_GUESSERS"),
        Odd("the jump at the end", "-N SPAM_UNAME_GUESSERS", "-A INPUT -p tcp --dport 25 -j SPAM_UNAME_GUESSERS"),
        Odd(
            "other jumps",
            "-N SPAM_UNAME_GUESSERS",
            "-I INPUT -j SPAM_UNAME_GUESSERS",
            "-I INPUT 2 -i lo -g SPAM_UNAME_GUESSERS",
            "-A INPUT ! -i lo -p udp -m comment --comment a\"b\\c -j SPAM_UNAME_GUESSERS"),
        Odd("the jump for another port", "-N SPAM_UNAME_GUESSERS", "-I INPUT -p tcp --dport 2525 -j SPAM_UNAME_GUESSERS"),
    ];

    private static readonly string[] Others =
    [
        "-N OTHER",
        "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT",
        "-A INPUT -p tcp -m tcp --dport 25 -j OTHER",
        "-A INPUT -i lo -m comment --comment -jSPAM_UNAME_GUESSERS -j ACCEPT",
        "-A OTHER -p tcp -m tcp --dport 25 -j DROP",
    ];

    [Test]
    public async Task The_chain_looks_like_the_original_s()
    {
        await Firewall.StartAsync(Blocks("61.173.40.71/32", "192.0.2.0/24", "2001:db8::1/128"), default);

        Rules("iptables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump, Rule("61.173.40.71/32"), Rule("192.0.2.0/24"));
        Rules("ip6tables").Should().Equal("-N SPAM_UNAME_GUESSERS", Jump, Rule("2001:db8::1/128"));
    }

    [TestCaseSource(nameof(OddStates))]
    public async Task A_start_mends(string[] state)
    {
        foreach (var family in Families)
        {
            foreach (var command in Others.Concat(state))
                Iptables(family, command);
        }
        var others = Families.Select(Foreign).ToArray();

        await Firewall.StartAsync(Blocks("192.0.2.1/32", "2001:db8::1/128"), default);

        Families.Select(Foreign).Should().BeEquivalentTo(others, options => options.WithStrictOrdering());
        foreach (var family in Families)
        {
            Rules(family, "INPUT").Where(rule => rule.EndsWith("j SPAM_UNAME_GUESSERS", StringComparison.Ordinal)).Should().Equal(Jump);
            Rules(family, "INPUT")[0].Should().Be(Jump);
        }
        Rules("iptables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("192.0.2.1/32"));
        Rules("ip6tables", "SPAM_UNAME_GUESSERS").Should().Equal(Rule("2001:db8::1/128"));
    }

    [Test]
    public async Task A_rule_that_jumps_there_from_another_chain_is_left_alone()
    {
        Iptables("iptables", "-N SPAM_UNAME_GUESSERS");
        Iptables("iptables", "-A FORWARD -p tcp --dport 25 -j SPAM_UNAME_GUESSERS");
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);

        Rules("iptables").Should().Equal(
            "-N SPAM_UNAME_GUESSERS", Jump, "-A FORWARD -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS", Rule("192.0.2.1/32"));
    }

    [Test]
    public async Task Nobody_is_let_in_for_a_moment_by_a_start()
    {
        await Firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        var starts = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
                await Firewall.StartAsync(Blocks("192.0.2.1/32", $"198.51.100.{i}/32"), default);
        });
        do
        {
            Rules("iptables").Should().Contain([Jump, Rule("192.0.2.1/32")]);
        }
        while (!starts.IsCompleted);
        await starts;
    }

    [TestCase("a.B_c-9")]
    [TestCase("0")]
    [TestCase("input")]
    [TestCase("0123456789012345678901234567")]
    public async Task A_chain_of_any_legal_name_comes_and_goes(string name)
    {
        var firewall = Make(new() { ChainName = name });
        await firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        await firewall.ApplyAsync([Block("192.0.2.2/32"), Release("192.0.2.1/32")], default);

        Rules("iptables").Should().Equal(
            $"-N {name}", $"-A INPUT -p tcp -m tcp --dport 25 -j {name}", $"-A {name} -s 192.0.2.2/32 -p tcp -m tcp --dport 25 -j DROP");
        (await firewall.ListAsync(default)).Should().ContainSingle();
        await firewall.StopAsync(default);
        Rules("iptables").Should().BeEmpty();
    }

    [Test]
    public async Task Several_ports_are_one_rule()
    {
        await Make(new() { Ports = [25, 587] }).StartAsync(Blocks("192.0.2.1/32"), default);

        Rules("iptables").Should().Equal(
            "-N SPAM_UNAME_GUESSERS",
            "-A INPUT -p tcp -m multiport --dports 25,587 -j SPAM_UNAME_GUESSERS",
            "-A SPAM_UNAME_GUESSERS -s 192.0.2.1/32 -p tcp -m multiport --dports 25,587 -j DROP");
    }

    [Test]
    public async Task Many_hosts_are_warned_of_once()
    {
        await Firewall.StartAsync(Blocks([.. Enumerable.Range(0, 1000).Select(i => $"10.0.{i >> 8}.{i & 255}/32")]), default);
        Log.Entries.Should().NotContain(entry => entry.Id == 1311);
        await Firewall.ApplyAsync([Block("192.0.2.1/32")], default);
        await Firewall.ApplyAsync([Block("192.0.2.2/32")], default);
        Log.Entries.Should().ContainSingle(entry => entry.Id == 1311);
    }

    private string[] Foreign(string family) =>
        [.. Rules(family).Where(line =>
            !line.StartsWith("-A SPAM", StringComparison.Ordinal) && !line.EndsWith(" SPAM_UNAME_GUESSERS", StringComparison.Ordinal))];

    private static TestCaseData Odd(string name, params string[] commands) =>
        new TestCaseData((object)commands).SetArgDisplayNames(name);
}
