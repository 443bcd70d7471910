using BlockSmtp.Addresses;

namespace BlockSmtp.Transactions;

/// <summary>
/// Counts the transactions of each host that end without a message. Nobody who has mail to deliver makes hundreds of them in a minute:
/// whoever does fills the log, so that what others guess meanwhile is dropped from it.
/// </summary>
/// <param name="most">How many a host may make in a minute; 0 for as many as it likes.</param>
internal sealed class EmptyTransactions(int most)
{
    private readonly HostCounts _hosts = new(TimeSpan.FromMinutes(1));

    /// <summary>A transaction of a host was empty. True when it is one too many; then the host's count begins anew.</summary>
    public bool IsTooMany(in HostKey address, DateTimeOffset time)
    {
        if (most == 0)
            return false;
        var host = HostCounts.HostOf(address);
        if (_hosts.Add(host, time) <= most)
            return false;
        _hosts.Forget(host);
        return true;
    }
}
