using System.Text.RegularExpressions;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// Others who keep rules, each installed beside the daemon and doing what takes rules away: what <c>check</c> says of it is
/// held against packets. The daemon is halted meanwhile, so that what is seen is what they have left of its rules, and then
/// puts right what they have not.
/// </summary>
[NonParallelizable]
internal sealed partial class NeighbourTests
{
    private const string Host = "203.0.113.20", Other = "203.0.113.40";
    private const int Port = 25, PortInside = 2525;

    private DebianGuest _guest = null!;

    private static string[] Kinds { get; } = ["nftables", "iptables"];

    [OneTimeSetUp]
    public async Task Boot()
    {
        _guest = new DebianGuest();
        _guest.Install(GuestSetup.OldPackage, "nftables", "iptables", "netcat-openbsd");
        _guest.Shell("echo 'reconcile = 1s' >>/etc/blocksmtp/blocksmtp.conf; cp /etc/blocksmtp/blocksmtp.conf /root/before; "
            + "systemctl restart blocksmtp");
        await _guest.IsActive();
        _guest.Run("blocksmtp", "block", Host);
        _guest.Run("systemd-run", "--quiet", "--unit=listener", "nc", "-lk", "25");
    }

    [OneTimeTearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, Order(1)]
    public void Of_a_fresh_installation_nothing_is_said() =>
        _guest.Run("blocksmtp", "check").Should().NotContain("?  ").And.Contain("the daemon would start");

    [Test, Order(2)]
    public async Task Ufw_leaves_our_rules_alone_unless_it_manages_all()
    {
        _guest.Run("apt-get", "-y", "install", "ufw");
        _guest.Run("ufw", "allow", "25/tcp");
        foreach (var kind in Kinds)
        {
            await UseAsync(kind);
            (await IsLeftAndSaidSoAsync("ufw", "ufw --force enable")).Should().BeTrue();
            (await IsLeftAndSaidSoAsync("ufw", "sed -i 's/^MANAGE_BUILTINS=.*/MANAGE_BUILTINS=yes/' /etc/default/ufw; ufw reload"))
                .Should().Be(kind == "nftables");
            _guest.Shell("sed -i 's/^MANAGE_BUILTINS=.*/MANAGE_BUILTINS=no/' /etc/default/ufw; ufw --force disable");
            Said("ufw").Should().BeNull("it is off");
        }
    }

    [Test, Order(3)]
    public async Task Firewalld_empties_the_tables_of_iptables()
    {
        _guest.Run("apt-get", "-y", "--no-install-recommends", "install", "firewalld");
        _guest.Shell("firewall-offline-cmd --add-service=smtp; systemctl disable --now firewalld");
        foreach (var kind in Kinds)
        {
            await UseAsync(kind);
            Said("firewalld").Should().BeNull("it is off");
            foreach (var doing in new[] { "systemctl start firewalld", "firewall-cmd --reload" })
                (await IsLeftAndSaidSoAsync("firewalld", doing)).Should().Be(kind == "nftables", doing);
            _guest.Run("systemctl", "stop", "firewalld");
        }
    }

    [Test, Order(4)]
    public async Task A_flush_of_the_whole_ruleset_takes_everybody_s_rules_away()
    {
        foreach (var kind in Kinds)
        {
            await UseAsync(kind);
            Said("nftables").Should().BeNull("it is off");
            (await IsLeftAndSaidSoAsync("nftables", "systemctl restart nftables")).Should().BeFalse();
            _guest.Run("systemctl", "stop", "nftables");
        }
    }

    [Test, Order(5)]
    public async Task What_is_for_a_container_of_Docker_is_dropped_where_check_says_how()
    {
        _guest.Run("apt-get", "-y", "--no-install-recommends", "install", "docker.io");
        _guest.Shell($$"""
            systemctl stop listener
            tar -ch /usr/bin/nc.openbsd $(ldd /usr/bin/nc.openbsd | grep -o '/[^ ]*') | docker import --change 'ENTRYPOINT ["/usr/bin/nc.openbsd", "-lk"]' - listener
            docker run --detach --restart always --stop-signal KILL --publish {{Port}}:{{PortInside}} listener {{PortInside}}
            """);
        foreach (var kind in Kinds)
        {
            await UseAsync(kind, $"mailer-port = {PortInside}");
            Said("docker").Should().StartWith("? ");
            (await ReachesAsync(Host)).Should().BeTrue("it is passed on");
            var advice = Advice.Match(Said("docker")!);
            advice.Success.Should().BeTrue(Said("docker"));

            await UseAsync(kind, $"mailer-port = {PortInside}\n{advice.Groups["name"]} = "
                + $"{(advice.Groups["value"] is { Success: true } value ? value.Value : "yes")}");

            (await IsLeftAndSaidSoAsync("docker", "systemctl restart docker")).Should().BeTrue();
        }
    }

    [GeneratedRegex("add --(?<name>[a-z-]+)(=(?<value>[A-Z,-]+[A-Z]))?")]
    private static partial Regex Advice { get; }

    /// <summary>Has the daemon drop by one kind of rules, for which the block is kept.</summary>
    private async Task UseAsync(string kind, string more = "")
    {
        _guest.Shell($"""
            sed 's/^firewall = .*/firewall = {kind}/' /root/before >/etc/blocksmtp/blocksmtp.conf
            echo '{more}' >>/etc/blocksmtp/blocksmtp.conf
            systemctl restart blocksmtp
            """);
        await _guest.IsActive();
    }

    /// <summary>
    /// Lets the neighbour do something while the daemon is halted; returns whether the blocked host is dropped then, if
    /// that is what <c>check</c> says.
    /// </summary>
    private async Task<bool> IsLeftAndSaidSoAsync(string neighbour, string doing)
    {
        _guest.Run("systemctl", "kill", "--signal=STOP", "blocksmtp");
        bool isLeft;
        try
        {
            _guest.Shell(doing);
            await Eventually.IsTrue(() => ReachesAsync(Other), $"others get in after {doing}");
            isLeft = !await ReachesAsync(Host);
        }
        finally
        {
            _guest.Run("systemctl", "kill", "--signal=CONT", "blocksmtp");
        }

        Said(neighbour).Should().MatchRegex(
            isLeft ? "^ok " : "^[?] .* put back within 1s", "after {0} it is {1}", doing, isLeft ? "dropped" : "let in");
        await Eventually.IsTrue(
            async () => !await ReachesAsync(Host), $"the rules are put back after {doing}; the service said:\n{_guest.Said()}");
        return isLeft;
    }

    private string? Said(string neighbour) =>
        _guest.Run("blocksmtp", "check").Split('\n').SingleOrDefault(line => line.Contains($"  {neighbour}  ", StringComparison.Ordinal));

    private Task<bool> ReachesAsync(string source) => _guest.ReachesAsync(source, Port);
}
