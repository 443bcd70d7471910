using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Kernel;

/// <summary>A network namespace with an ipset firewall over one flavour of iptables, for each test anew.</summary>
public abstract class IpsetFixture(string flavour) : XtablesFixture(flavour)
{
    private protected RecordedLog<IpsetFirewall> Log = null!;

    private protected IpsetFirewall Firewall { get; private set; } = null!;

    private protected IptablesTools Tools => new() { Flavour = Flavour, Prefix = Network.Prefix };

    [SetUp]
    public void Enter()
    {
        Require(Flavour[1..]);
        Network = new NetworkNamespace();
        Log = new();
        Firewall = Make();
    }

    /// <summary>Skips the test on a machine that lacks something.</summary>
    internal static void Require(string flavour)
    {
        Requires.Root();
        Requires.Tool("ipset");
        Requires.Tool($"iptables-{flavour}-restore");
        Requires.Tool($"ip6tables-{flavour}-restore");
    }

    private protected IpsetFirewall Make(IptablesFirewallOptions? options = null, TimeProvider? time = null, IptablesTools? tools = null) =>
        new(options ?? new(), time ?? new FakeTimeProvider(Now), Log, tools ?? Tools);

    protected string Ipset(string arguments) => Network.Run("ipset", arguments.Split(' '));

    /// <summary>The names of all sets.</summary>
    protected string[] Sets() => Ipset("list -n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private protected Task<string[]> ListAsync() => ListAsync(Firewall);

    protected static string Rule(string set) =>
        $"-A SPAM_UNAME_GUESSERS -p tcp -m tcp --dport 25 -m set --match-set SPAM_UNAME_GUESSERS-{set} src -j DROP";
}
