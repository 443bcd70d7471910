using BlockSmtp.Addresses;

namespace BlockSmtp.Policies;

/// <summary>
/// Finds that many hosts which have delivered nothing go through one sorted list of names, each with a name or two: most of the last names
/// rise. A name that lies near the front of the walk is a try of the same campaign.
/// </summary>
internal sealed class SortedWalk
{
    private const int Length = 60;
    private const int Lag = Length / 4; // They are not in step: compared with the one so many before.
    private const int Front = 20;
    private const int FewestNetworks = 40;
    private const double Share = 0.75;
    private static readonly long Window = TimeSpan.FromHours(2).Ticks;

    private readonly (long Time, ulong Order, HostKey Host)[] _last = new (long, ulong, HostKey)[Length];
    private readonly Dictionary<HostKey, int> _networks = [];
    private int _next;
    private int _count;

    /// <summary>Whether a walk goes on.</summary>
    public bool IsOn { get; private set; }

    /// <summary>A host that has delivered nothing has tried a name.</summary>
    public void Note(HostKey host, ulong order, long time)
    {
        if (_count == Length)
        {
            var gone = NetworkOf(_last[_next].Host);
            if (--_networks[gone] == 0)
                _networks.Remove(gone);
        }
        else
        {
            _count++;
        }

        _last[_next] = (time, order, host);
        _next = (_next + 1) % Length;
        var network = NetworkOf(host);
        _networks[network] = _networks.GetValueOrDefault(network) + 1;
        IsOn = _count == Length && _networks.Count >= FewestNetworks && time - At(0).Time < Window && Rises();
    }

    /// <summary>
    /// Whether a name of a host lies at the front of the walk that the others make: not before it, and no further ahead than it is wide.
    /// </summary>
    public bool Has(HostKey host, ulong order)
    {
        if (!IsOn)
            return false;
        Span<ulong> front = stackalloc ulong[Front];
        var count = 0;
        for (var i = 0; i < Front; i++)
        {
            // Whoever is asked for has been noted already, and would be in any walk by himself.
            ref readonly var tried = ref At(Length - Front + i);
            if (!tried.Host.Equals(host))
                front[count++] = tried.Order;
        }

        if (count < Front / 2)
            return false;
        front = front[..count];
        front.Sort();
        // Who is far ahead of all others is somebody else.
        var (first, last) = (front[count / 4], front[^2]);
        return first <= order && order <= last + Math.Min(last - first, ulong.MaxValue - last);
    }

    // Whoever rents a network has all of its hosts, and would be a walk by himself. A provider has a /32 of IPv6, and gives a
    // customer as much of it as he likes.
    private static HostKey NetworkOf(HostKey host) => host.Within(host.IsIPv4 ? 24 : 32);

    private bool Rises()
    {
        var rising = 0;
        for (var i = Lag; i < Length; i++)
            rising += At(i).Order > At(i - Lag).Order ? 1 : 0;
        return rising >= Share * (Length - Lag);
    }

    /// <summary>The names by their age, the oldest first.</summary>
    private ref readonly (long Time, ulong Order, HostKey Host) At(int index) => ref _last[(_next + index) % Length];
}
