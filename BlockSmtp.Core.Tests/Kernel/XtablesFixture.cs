using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>A firewall that uses one flavour of iptables.</summary>
public abstract class XtablesFixture(string flavour) : FirewallFixture
{
    protected const string Jump = "-A INPUT -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS";
    protected static readonly string[] Families = ["iptables", "ip6tables"];

    protected string Flavour { get; } = "-" + flavour;

    /// <summary>Skips the test where the kernel lacks the flavour.</summary>
    private protected void MakeNetwork()
    {
        Network = new NetworkNamespace();
        var (exitCode, _, errors) = Command.Try("ip", ["netns", "exec", Network.Name, "iptables" + Flavour, "-S", "INPUT"]);
        Requires.Need(exitCode == 0, $"this kernel has no iptables{Flavour}: {errors}");
    }

    [TearDown]
    public void Leave() => Network?.Dispose();

    /// <summary>Runs one of the two by hand; the arguments are separated by blanks.</summary>
    protected string Iptables(string family, string arguments) =>
        Network.Run(family + Flavour, ["-w", .. arguments.Split(' ')]);

    /// <summary>All rules and chains of the table, in order, without the policies.</summary>
    protected string[] Rules(string family) =>
        [.. Iptables(family, "-S").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line =>
            !line.StartsWith("-P", StringComparison.Ordinal))];
}
