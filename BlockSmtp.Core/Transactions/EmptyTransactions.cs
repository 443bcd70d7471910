using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Transactions;

/// <summary>
/// Counts the transactions of each host that end without a message. Nobody who has mail to deliver makes hundreds of them in a minute:
/// whoever does fills the log, so that what others guess meanwhile is dropped from it.
/// </summary>
/// <param name="most">How many a host may make in a minute; 0 for as many as it likes.</param>
internal sealed class EmptyTransactions(int most)
{
    private const int MostHosts = 16_384;

    // Whoever has an address of it has all of them.
    private const int IPv6Prefix = 64;

    private readonly AgingTable<HostKey, Minute> _hosts = new(MostHosts);

    private struct Minute
    {
        public long Since;
        public int Count;
    }

    /// <summary>A transaction of a host was empty. True when it is one too many; then the host's count begins anew.</summary>
    public bool IsTooMany(in HostKey host, DateTimeOffset time)
    {
        if (most == 0)
            return false;
        ref var minute = ref _hosts.Touch(host.IsOfIPv4 ? host : host.Within(IPv6Prefix), out _, out _);
        var now = time.UtcTicks;
        if (now - minute.Since >= TimeSpan.TicksPerMinute || now < minute.Since)
            minute = new Minute { Since = now };
        if (++minute.Count <= most)
            return false;
        minute = default;
        return true;
    }
}
