using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Kernel;

/// <summary>A network namespace with an nftables firewall, for each test anew.</summary>
public abstract class NftablesFixture : FirewallFixture
{
    private readonly List<IDisposable> _made = [];
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

    private protected IFirewall Make(
        NftablesFirewallOptions? options = null, TimeProvider? time = null, string library = "libnftables.so.1")
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

    private protected Task<string[]> ListAsync() => ListAsync(Firewall);
}
