using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Transactions;

/// <summary>
/// Counts the lines of each host that read like the mail server's own and may be its recipients. A server says such a thing of a client now
/// and then; of who makes many they are guesses, and of a network with many such hosts.
/// </summary>
internal sealed class DoubtfulLines
{
    // Hardly a client ever has one.
    private const int MostOfHost = 8;
    private const int MostOfNetwork = 24;

    private const int MostHosts = 16_384;

    // Whoever has an address of it has all of them.
    private const int IPv6Host = 64;
    private const int IPv6Network = 48;
    private const int IPv4Network = 24;

    private readonly AgingTable<HostKey, Day> _hosts = new(MostHosts);
    private readonly AgingTable<HostKey, Day> _networks = new(MostHosts);

    private struct Day
    {
        public long Since;
        public int Count;
    }

    /// <summary>A host has made one more. True when it is more than are let pass in a day.</summary>
    public bool IsGuess(in HostKey host, DateTimeOffset time)
    {
        var isOfHost = IsTooMany(_hosts, host.IsOfIPv4 ? host : host.Within(IPv6Host), MostOfHost, time);
        return IsTooMany(_networks, host.Within(host.IsIPv4 ? IPv4Network : IPv6Network), MostOfNetwork, time) || isOfHost;
    }

    private static bool IsTooMany(AgingTable<HostKey, Day> days, in HostKey key, int most, DateTimeOffset time)
    {
        ref var day = ref days.Touch(key, out _, out _);
        var now = time.UtcTicks;
        if (now - day.Since >= TimeSpan.TicksPerDay || now < day.Since)
            day = new Day { Since = now };
        if (day.Count >= most)
            return true;
        day.Count++;
        return false;
    }
}
