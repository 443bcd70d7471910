using System.Net;
using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>A network namespace with an iptables firewall of one flavour, for each test anew.</summary>
public abstract class IptablesFixture(string flavour)
{
    protected const string Jump = "-A INPUT -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS";
    protected static readonly string[] Families = ["iptables", "ip6tables"];
    private protected NetworkNamespace Network = null!;
    private protected RecordedLog<IptablesFirewall> Log = null!;

    private protected IptablesFirewall Firewall { get; private set; } = null!;

    protected string Flavour { get; } = "-" + flavour;

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

    [TearDown]
    public void Leave() => Network?.Dispose();

    private protected IptablesFirewall Make(IptablesFirewallOptions? options = null, IptablesTools? tools = null) =>
        new(options ?? new(), Log, tools ?? new() { Flavour = Flavour, Prefix = Network.Prefix });

    /// <summary>Runs one of the two by hand; the arguments are separated by blanks.</summary>
    protected string Iptables(string family, string arguments) =>
        Network.Run(family + Flavour, ["-w", .. arguments.Split(' ')]);

    /// <summary>All rules and chains of the table, in order, without the policies.</summary>
    protected string[] Rules(string family) =>
        [.. Iptables(family, "-S").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("-P", StringComparison.Ordinal))];

    protected string[] Rules(string family, string chain) =>
        [.. Rules(family).Where(line => line.StartsWith($"-A {chain} ", StringComparison.Ordinal))];

    protected static string Rule(string network) => $"-A SPAM_UNAME_GUESSERS -s {network} -p tcp -m tcp --dport 25 -j DROP";

    protected static Block[] Blocks(params string[] networks) =>
        [.. networks.Select(network => new Block(IPNetwork.Parse(network), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 4, "a test"))];

    protected static FirewallChange Block(string network) => FirewallChange.Block(IPNetwork.Parse(network), DateTimeOffset.UnixEpoch);

    protected static FirewallChange Release(string network) => FirewallChange.Release(IPNetwork.Parse(network));

    private protected static async Task<FirewallException> FailureOf(ValueTask call) =>
        (await FluentActions.Awaiting(() => call.AsTask()).Should().ThrowAsync<FirewallException>()).Which;
}
