using System.Net;
using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Kernel;

/// <summary>A network namespace with an nftables firewall, for each test anew.</summary>
public abstract class NftablesFixture
{
    protected static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 5, TimeSpan.Zero);
    private readonly List<IDisposable> _made = [];
    private protected NetworkNamespace Network = null!;
    private protected RecordedLog<NftablesFirewall> Log = null!;

    private protected IFirewall Firewall { get; private set; } = null!;

    private protected FakeTimeProvider Time { get; } = new(Now);

    [SetUp]
    public void Enter()
    {
        Requires.Root();
        Requires.Tool("nft");
        Network = new NetworkNamespace();
        Log = new();
        Firewall = Make();
    }

    [TearDown]
    public void Leave()
    {
        foreach (var made in _made)
            made.Dispose();
        _made.Clear();
        Network?.Dispose();
    }

    private protected IFirewall Make(NftablesFirewallOptions? options = null, TimeProvider? time = null, string library = "libnftables.so.1")
    {
        var firewall = new NftablesFirewall(options ?? new(), time ?? Time, Log, library);
        _made.Add(firewall);
        return new NamespacedFirewall(Network, firewall);
    }

    /// <summary>Runs nft by hand; the arguments are separated by blanks.</summary>
    protected string Nft(string arguments) => Network.Run("nft", arguments.Split(' '));

    /// <summary>The lines of a listing, without counts and without what is left of the times.</summary>
    protected string[] Lines(string what = "ruleset") =>
        [.. Nft("-s list " + what).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    protected async Task<string[]> ListAsync(IFirewall? firewall = null) =>
        [.. (await (firewall ?? Firewall).ListAsync(default)).Select(network => network.ToString()).Order(StringComparer.Ordinal)];

    protected static Block[] Blocks(params string[] networks) =>
        [.. networks.Select(network => new Block(IPNetwork.Parse(network), Now, Now.AddHours(3), 4, "a test"))];

    protected static FirewallChange Block(string network, TimeSpan? time = null) =>
        FirewallChange.Block(IPNetwork.Parse(network), Now + (time ?? TimeSpan.FromHours(3)));

    protected static FirewallChange Release(string network) => FirewallChange.Release(IPNetwork.Parse(network));

    private protected static async Task<FirewallException> FailureOf(ValueTask call) =>
        (await FluentActions.Awaiting(() => call.AsTask()).Should().ThrowAsync<FirewallException>()).Which;
}
