using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>What --firewall does on machines that lack one thing or another.</summary>
[Category(Needs.Root)]
public sealed class FirewallOptionTests
{
    private NetworkNamespace _network = null!;
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Enter()
    {
        foreach (var tool in new[] { "nft", "ipset", "iptables", "setpriv", "unshare" })
            Requires.Tool(tool);
        _network = new NetworkNamespace();
        _folder = new TemporaryFolder();
    }

    [TearDown]
    public void Leave()
    {
        _network?.Dispose();
        _folder?.Dispose();
    }

    [TestCase("nftables")]
    [TestCase("ipset")]
    [TestCase("iptables")]
    [TestCase("auto")]
    public void What_is_not_permitted_is_one_line_and_77(string kind)
    {
        var (code, output, errors) = Run(["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"], $"--firewall={kind}");

        code.Should().Be(77);
        output.Should().BeEmpty();
        errors.Should().StartWith("blocksmtp: ").And.EndWith(": run as root or with CAP_NET_ADMIN\n");
        errors.Split('\n').Should().HaveCount(2);
    }

    [Test]
    public void A_missing_libnftables_is_69_and_says_what_to_install()
    {
        var (code, _, errors) = Run(Without(Library), "--firewall=nftables");

        code.Should().Be(69);
        errors.Should().StartWith("blocksmtp: libnftables.so.1 is not installed: install the package libnftables1");
        _network.Run("nft", "list", "tables").Should().BeEmpty();
    }

    [Test]
    public void Auto_takes_nftables_where_it_works() => SaysThatItTakes("nftables");

    [Test]
    public void Auto_takes_ipset_where_libnftables_is_missing() => SaysThatItTakes("ipset", Library);

    [Test]
    public void Auto_takes_iptables_where_there_is_nothing_better() => SaysThatItTakes("iptables", Library, Requires.Find("ipset")!);

    [Test]
    public void None_changes_nothing_and_needs_no_permission()
    {
        var (code, _, errors) = Run(["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"], "--firewall=none");
        code.Should().Be(66, errors);
        _network.Run("nft", "list", "tables").Should().BeEmpty();
    }

    private void SaysThatItTakes(string kind, params string[] missing)
    {
        var (_, _, errors) = Run(Without(missing), "--debug=3", "--firewall=auto");
        errors.Should().Contain($"blocksmtp: the firewall is {kind}\n").And.Contain("is in force with 0 networks");
        _network.Run("nft", "list", "ruleset").Should().NotContain("blocksmtp").And.NotContain("SPAM_UNAME_GUESSERS");
    }

    private static string Library =>
        Command.Run("ldconfig", "-p")
            .Split('\n')
            .First(line => line.Contains("libnftables.so.1 ", StringComparison.Ordinal))
            .Split("=> ")[1]
            .Trim();

    /// <summary>The words that run a command in a mount namespace of its own, in which these files are no programs or libraries.</summary>
    private static string[] Without(params string[] files) => files.Length == 0
        ? []
        : ["unshare", "--mount", "sh", "-c", string.Concat(files.Select(file => $"mount --bind /dev/null \"$(readlink -f '{file}')\"; "))
            + "exec \"$@\"", "sh"];

    /// <summary>Runs the daemon until it finds that its log is a directory: that is after the firewall's start.</summary>
    private (int ExitCode, string Output, string Errors) Run(string[] through, params string[] options) => Command.Try(
        "ip", [
            "netns", "exec", _network.Name, .. through, Tool.Path, "--state-dir=none", "--control-socket=none",
            $"--syslog-msgs-file={_folder["."]}", .. options]);
}
