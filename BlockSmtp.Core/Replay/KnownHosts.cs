using BlockSmtp.Addresses;

namespace BlockSmtp.Replay;

/// <summary>
/// The hosts of a replay by their keys. There may be hundreds of thousands, each somewhere else in memory, and one is looked for at nearly
/// every offense: from its place here the next step is the host itself, and whether it is the one shows before that.
/// </summary>
internal sealed class KnownHosts
{
    private readonly List<ReplayHost> _all = [];

    // At least a quarter of the places is free, so that a host is at its own place or near it.
    private Place[] _places = new Place[64];

    private struct Place
    {
        public ulong Number;
        public ReplayHost? Host;
    }

    /// <summary>All of them, in the order in which they came.</summary>
    public IReadOnlyCollection<ReplayHost> All => _all;

    /// <summary>The host with a key; null where it is not known.</summary>
    public ReplayHost? Find(in HostKey key)
    {
        var (places, number) = (_places, key.Number);
        for (var at = key.GetHashCode() & (places.Length - 1); places[at].Host is { } host; at = (at + 1) & (places.Length - 1))
        {
            if (places[at].Number == number && (key.IsIPv4 || host.Key.Equals(key)))
                return host;
        }

        return null;
    }

    /// <summary>Adds a host that is not known yet.</summary>
    public ReplayHost Add(ReplayHost host)
    {
        _all.Add(host);
        if (_all.Count > _places.Length / 4 * 3)
            Grow();
        else
            Put(host);
        return host;
    }

    private void Grow()
    {
        _places = new Place[_places.Length * 2];
        foreach (var host in _all)
            Put(host);
    }

    private void Put(ReplayHost host)
    {
        var at = host.Key.GetHashCode() & (_places.Length - 1);
        while (_places[at].Host is not null)
            at = (at + 1) & (_places.Length - 1);
        _places[at] = new Place { Number = host.Key.Number, Host = host };
    }
}
