using BlockSmtp.Firewalls;

namespace BlockSmtp.Tests.Kernel;

/// <summary>
/// Packets for a container do not come through INPUT: Docker has a chain for rules of others, which may come later than we do.
/// </summary>
[TestFixture("nft")]
[TestFixture("legacy")]
public sealed class ContainerChainsTests(string flavour) : IptablesFixture(flavour)
{
    private const string DockerJump = "-A DOCKER-USER -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS";

    [Test]
    public async Task Each_of_the_chains_leads_into_ours_first_and_none_does_after_a_stop()
    {
        Iptables("iptables", "-N DOCKER-USER");
        Iptables("iptables", "-A DOCKER-USER -j RETURN");
        var firewall = Make(new() { JumpFrom = ["INPUT", "DOCKER-USER", "FORWARD"] });

        await firewall.StartAsync(Blocks("192.0.2.1/32"), default);

        Rules("iptables", "INPUT").Should().Equal(Jump);
        Rules("iptables", "DOCKER-USER").Should().Equal(DockerJump, "-A DOCKER-USER -j RETURN");
        Rules("iptables", "FORWARD").Should().Equal(Jump.Replace("INPUT", "FORWARD", StringComparison.Ordinal));
        (await ListAsync(firewall)).Should().Equal("192.0.2.1/32");
        await firewall.StopAsync(default);
        Rules("iptables").Should().Equal("-N DOCKER-USER", "-A DOCKER-USER -j RETURN");
    }

    [Test]
    public async Task A_chain_that_comes_later_is_noticed_and_one_that_is_not_there_is_no_fault()
    {
        var firewall = Make(new() { JumpFrom = ["INPUT", "DOCKER-USER"] });
        await firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        (await ListAsync(firewall)).Should().Equal("192.0.2.1/32");

        Iptables("iptables", "-N DOCKER-USER");
        Iptables("iptables", "-I FORWARD -j DOCKER-USER");

        (await ListAsync(firewall)).Should().BeEmpty("packets for a container get by");
        await firewall.StartAsync(Blocks("192.0.2.1/32"), default);
        Rules("iptables", "DOCKER-USER").Should().Equal(DockerJump);
        (await ListAsync(firewall)).Should().Equal("192.0.2.1/32");
    }

    [TestCase("OUTPUT")]
    [TestCase("SPAM_UNAME_GUESSERS")]
    [TestCase("ACCEPT")]
    [TestCase("-j")]
    [TestCase("")]
    public void What_is_no_chain_to_jump_from_is_refused(string chain) =>
        FluentActions.Invoking(() => Make(new() { JumpFrom = [chain] })).Should().Throw<ArgumentException>();
}
