using System.Net;

namespace BlockSmtp;

/// <summary>One change that an <see cref="IFirewall"/> is asked to make.</summary>
public readonly record struct FirewallChange
{
    private FirewallChange(IPNetwork network, DateTimeOffset? blockUntil)
    {
        Network = network;
        BlockUntil = blockUntil;
    }

    /// <summary>Who. A single host is a network of full prefix length (/32 or /128).</summary>
    public IPNetwork Network { get; }

    /// <summary>True to drop the packets of <see cref="Network"/>, false to let them in again.</summary>
    public bool IsBlock => BlockUntil is not null;

    /// <summary>
    /// When the block is to end, UTC; null for a release. The engine asks for the release itself: a firewall that can
    /// expire a rule on its own may use this so that nobody stays blocked when the daemon dies.
    /// </summary>
    public DateTimeOffset? BlockUntil { get; }

    /// <summary>Drop the packets of <paramref name="network"/>.</summary>
    /// <param name="network">Who.</param>
    /// <param name="until">When the block is to end.</param>
    /// <returns>The change.</returns>
    public static FirewallChange Block(IPNetwork network, DateTimeOffset until) => new(network, until);

    /// <summary>Let <paramref name="network"/> in again.</summary>
    /// <param name="network">Who.</param>
    /// <returns>The change.</returns>
    public static FirewallChange Release(IPNetwork network) => new(network, null);

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(FirewallChange), PrintMembers);
}
