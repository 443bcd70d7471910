using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Transactions;

/// <summary>Counts what hosts do within a span of time that begins with the first of it. Bounded; the oldest host is forgotten.</summary>
/// <param name="span">How long it lasts.</param>
internal sealed class HostCounts(TimeSpan span)
{
    private const int MostHosts = 16_384;

    // Whoever has an address of it has all of them.
    private const int IPv6Host = 64;

    private readonly AgingTable<HostKey, Count> _counts = new(MostHosts);

    private struct Count
    {
        public long Since;
        public int Number;
    }

    /// <summary>The host that an address is of: of IPv6 a whole /64.</summary>
    public static HostKey HostOf(in HostKey address) => address.IsOfIPv4 ? address : address.Within(IPv6Host);

    /// <summary>A host, or a network, has done it once more.</summary>
    /// <returns>How often it has within the span.</returns>
    public int Add(in HostKey host, DateTimeOffset time)
    {
        ref var count = ref _counts.Touch(host, out _, out _);
        var now = time.UtcTicks;
        if (now - count.Since >= span.Ticks || now < count.Since)
            count = new Count { Since = now };
        return ++count.Number;
    }

    /// <summary>A host's count begins anew.</summary>
    public void Forget(in HostKey host) => _counts.Remove(host);
}
