using System.Net;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>A network namespace for a firewall, and what it is told.</summary>
public abstract class FirewallFixture
{
    protected static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 5, TimeSpan.Zero);
    private protected NetworkNamespace Network = null!;

    private protected static async Task<string[]> ListAsync(IFirewall firewall) =>
        [.. (await firewall.ListAsync(default)).Select(network => network.ToString()).Order(StringComparer.Ordinal)];

    protected static Block[] Blocks(params string[] networks) =>
        [.. networks.Select(network => new Block(IPNetwork.Parse(network), Now, Now.AddHours(3), 4, "a test"))];

    protected static FirewallChange Block(string network, TimeSpan? time = null) =>
        FirewallChange.Block(IPNetwork.Parse(network), Now + (time ?? TimeSpan.FromHours(3)));

    protected static FirewallChange Release(string network) => FirewallChange.Release(IPNetwork.Parse(network));

    private protected static async Task<FirewallException> FailureOf(ValueTask call) =>
        (await FluentActions.Awaiting(() => call.AsTask()).Should().ThrowAsync<FirewallException>()).Which;
}
