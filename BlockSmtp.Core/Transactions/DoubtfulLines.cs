using BlockSmtp.Addresses;

namespace BlockSmtp.Transactions;

/// <summary>
/// Counts the lines of each host that read like the mail server's own and may be its recipients. A server says such a thing of a client now
/// and then; of who makes many they are guesses, and of a network with many such hosts.
/// </summary>
internal sealed class DoubtfulLines
{
    // Hardly a client ever has one in a day.
    private const int MostOfHost = 8;
    private const int MostOfNetwork = 24;

    private const int IPv4Network = 24;
    private const int IPv6Network = 48;

    private readonly HostCounts _hosts = new(TimeSpan.FromDays(1));
    private readonly HostCounts _networks = new(TimeSpan.FromDays(1));

    /// <summary>A host has made one more. True when it is more than are let pass in a day.</summary>
    public bool IsGuess(in HostKey address, DateTimeOffset time)
    {
        var ofHost = _hosts.Add(HostCounts.HostOf(address), time);
        var ofNetwork = _networks.Add(address.Within(address.IsIPv4 ? IPv4Network : IPv6Network), time);
        return ofHost > MostOfHost || ofNetwork > MostOfNetwork;
    }
}
