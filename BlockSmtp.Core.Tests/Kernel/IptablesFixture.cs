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
        Require(Flavour);
        MakeNetwork();
        Log = new();
        Firewall = Make();
    }

    /// <summary>Skips the test on a machine that lacks something.</summary>
    internal static void Require(string flavour)
    {
        Requires.Root();
        foreach (var tool in Families)
        {
            Requires.Tool(tool + flavour);
            Requires.Tool(tool + flavour + "-restore");
        }
    }

    private protected IptablesFirewall Make(IptablesFirewallOptions? options = null, IptablesTools? tools = null) =>
        new(options ?? new(), Log, tools ?? new() { Flavour = Flavour, Prefix = Network.Prefix });

    protected string[] Rules(string family, string chain) =>
        [.. Rules(family).Where(line => line.StartsWith($"-A {chain} ", StringComparison.Ordinal))];

    protected static string Rule(string network) => $"-A SPAM_UNAME_GUESSERS -s {network} -p tcp -m tcp --dport 25 -j DROP";
}
