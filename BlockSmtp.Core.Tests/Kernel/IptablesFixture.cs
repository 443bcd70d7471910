using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>A network namespace with an iptables firewall of one flavour, for each test anew.</summary>
public abstract class IptablesFixture(string flavour) : XtablesFixture(flavour)
{
    private protected RecordedLog<IptablesFirewall> Log = null!;

    private protected IptablesFirewall Firewall { get; private set; } = null!;

    [SetUp]
    public void Enter()
    {
        Requires.Root();
        foreach (var tool in Families)
        {
            Requires.Tool(tool + Flavour);
            Requires.Tool(tool + Flavour + "-restore");
        }
        Network = new NetworkNamespace();
        var (exitCode, _, errors) = Command.Try("ip", ["netns", "exec", Network.Name, "iptables" + Flavour, "-S", "INPUT"]);
        Requires.Need(exitCode == 0, $"this kernel has no iptables{Flavour}: {errors}");
        Log = new();
        Firewall = Make();
    }

    private protected IptablesFirewall Make(IptablesFirewallOptions? options = null, IptablesTools? tools = null) =>
        new(options ?? new(), Log, tools ?? new() { Flavour = Flavour, Prefix = Network.Prefix });

    protected string[] Rules(string family, string chain) =>
        [.. Rules(family).Where(line => line.StartsWith($"-A {chain} ", StringComparison.Ordinal))];

    protected static string Rule(string network) => $"-A SPAM_UNAME_GUESSERS -s {network} -p tcp -m tcp --dport 25 -j DROP";
}
