using System.Net;
using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Kernel;

/// <summary>A network namespace with an ipset firewall over one flavour of iptables, for each test anew.</summary>
public abstract class IpsetFixture(string flavour)
{
    protected const string Jump = "-A INPUT -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS";
    protected static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 5, TimeSpan.Zero);
    protected static readonly string[] Families = ["iptables", "ip6tables"];
    private protected NetworkNamespace Network = null!;
    private protected RecordedLog<IpsetFirewall> Log = null!;

    private protected IpsetFirewall Firewall { get; private set; } = null!;

    protected string Flavour { get; } = "-" + flavour;

    private protected IptablesTools Tools => new() { Flavour = Flavour, Prefix = Network.Prefix };

    [SetUp]
    public void Enter()
    {
        Require(flavour);
        Network = new NetworkNamespace();
        Log = new();
        Firewall = Make();
    }

    [TearDown]
    public void Leave() => Network?.Dispose();

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

    /// <summary>Runs one of the two by hand; the arguments are separated by blanks.</summary>
    protected string Iptables(string family, string arguments) =>
        Network.Run(family + Flavour, ["-w", .. arguments.Split(' ')]);

    protected string Ipset(string arguments) => Network.Run("ipset", arguments.Split(' '));

    /// <summary>The names of all sets.</summary>
    protected string[] Sets() => Ipset("list -n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All rules and chains of the table, in order, without the policies.</summary>
    protected string[] Rules(string family) =>
        [.. Iptables(family, "-S").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("-P", StringComparison.Ordinal))];

    private protected async Task<string[]> ListAsync(IpsetFirewall? firewall = null) =>
        [.. (await (firewall ?? Firewall).ListAsync(default)).Select(network => network.ToString()).Order(StringComparer.Ordinal)];

    protected static string Rule(string set) =>
        $"-A SPAM_UNAME_GUESSERS -p tcp -m tcp --dport 25 -m set --match-set SPAM_UNAME_GUESSERS-{set} src -j DROP";

    protected static Block[] Blocks(params string[] networks) =>
        [.. networks.Select(network => new Block(IPNetwork.Parse(network), Now, Now.AddHours(3), 4, "a test"))];

    protected static FirewallChange Block(string network, TimeSpan? time = null) =>
        FirewallChange.Block(IPNetwork.Parse(network), Now + (time ?? TimeSpan.FromHours(3)));

    protected static FirewallChange Release(string network) => FirewallChange.Release(IPNetwork.Parse(network));

    private protected static async Task<FirewallException> FailureOf(ValueTask call) =>
        (await FluentActions.Awaiting(() => call.AsTask()).Should().ThrowAsync<FirewallException>()).Which;
}
