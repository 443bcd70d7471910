using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Transactions;

/// <summary>
/// Counts the lines of each host that read like the mail server's own and may be its recipients. A server says such a thing of a client now
/// and then; of who makes many they are guesses.
/// </summary>
internal sealed class DoubtfulLines
{
    // Hardly a client ever has one.
    private const int MostInADay = 8;

    private const int MostHosts = 16_384;

    // Whoever has an address of it has all of them.
    private const int IPv6Prefix = 64;

    private readonly AgingTable<HostKey, Day> _hosts = new(MostHosts);

    private struct Day
    {
        public long Since;
        public int Count;
    }

    /// <summary>A host has made one more. True when it is more than are let pass in a day.</summary>
    public bool IsGuess(in HostKey host, DateTimeOffset time)
    {
        ref var day = ref _hosts.Touch(host.IsOfIPv4 ? host : host.Within(IPv6Prefix), out _, out _);
        var now = time.UtcTicks;
        if (now - day.Since >= TimeSpan.TicksPerDay || now < day.Since)
            day = new Day { Since = now };
        if (day.Count >= MostInADay)
            return true;
        day.Count++;
        return false;
    }
}
