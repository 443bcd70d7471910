using BlockSmtp.Cli.Commands;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>Others who keep rules on the machine, and what that means for ours.</summary>
[TestFixture]
internal sealed class NeighbourCheckTests
{
    private static readonly string[] Everybody =
    [
        "etc/ufw/ufw.conf", "ENABLED=yes\n", "run/firewalld.pid", "1\n", "run/docker.pid", "1", "etc/nftables.conf",
        "#!/usr/sbin/nft -f\nflush ruleset\n", "etc/systemd/system/sysinit.target.wants/nftables.service", "",
    ];

    [TestCase(FirewallKind.Iptables)]
    [TestCase(FirewallKind.Nftables)]
    public void Where_nobody_else_keeps_rules_nothing_is_said(FirewallKind kind) => Look(kind).Should().BeEmpty();

    [TestCase(FirewallKind.Iptables)]
    [TestCase(FirewallKind.Nftables)]
    [TestCase(FirewallKind.Ipset)]
    public void Debian_s_nftables_conf_is_no_matter_while_the_service_is_off(FirewallKind kind) =>
        Look(kind, "etc/nftables.conf", "flush ruleset\n").Should().BeEmpty();

    [Test]
    public void For_a_table_only_a_flush_of_all_and_containers_matter()
    {
        var said = Look(FirewallKind.Nftables, Everybody);

        said.Should().MatchRegex("(?m)^ok +ufw ").And.MatchRegex("(?m)^ok +firewalld ")
            .And.MatchRegex(@"(?m)^\? +nftables .*our table.* put back within 1m")
            .And.MatchRegex(@"(?m)^\? +docker .*add --nftables-forward, ");
    }

    [Test]
    public void For_a_chain_the_ways_of_others_with_iptables_matter_too()
    {
        var said = Look(FirewallKind.Iptables, [.. Everybody, "etc/default/ufw", "MANAGE_BUILTINS=yes\n"]);

        said.Should().MatchRegex(@"(?m)^\? +ufw .*MANAGE_BUILTINS=yes")
            .And.MatchRegex(@"(?m)^\? +firewalld .*empties the tables of iptables")
            .And.MatchRegex(@"(?m)^\? +docker .*add --iptables-jump-from=INPUT,DOCKER-USER, ");
    }

    [Test]
    public void A_socket_that_Docker_has_left_behind_is_no_Docker() =>
        Look(FirewallKind.Nftables, "run/docker.sock", "").Should().BeEmpty();

    [TestCase("firewalld")]
    [TestCase("docker")]
    [TestCase("nftables")]
    public void Who_runs_and_is_not_started_at_the_next_boot_is_seen_too(string service) =>
        Look(FirewallKind.Nftables, $"run/systemd/units/invocation:{service}.service", "", "etc/nftables.conf", "flush ruleset\n")
            .Should().Contain($" {service} ");

    [Test]
    public void Who_guards_containers_already_is_told_so() =>
        Look(FirewallKind.Nftables, ["run/docker.pid", "1"], verb => verb.NftablesForward = true).Should().MatchRegex("(?m)^ok +docker ");

    private static string Look(FirewallKind kind, params string[] files) => Look(kind, files, _ => { });

    private static string Look(FirewallKind kind, string[] files, Action<DaemonVerb> set)
    {
        using var root = new TemporaryFolder();
        foreach (var file in files.Chunk(2))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root[file[0]])!);
            root.Write(file[0], file[1]);
        }

        var verb = new DaemonVerb();
        set(verb);
        using var output = new StringWriter();
        new NeighbourCheck(root["."]).Look(DaemonSettings.Of(verb), kind, new Findings(output));
        return output.ToString();
    }
}
