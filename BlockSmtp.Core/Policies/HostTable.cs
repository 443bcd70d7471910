using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// A table of hosts with room for so many of each family: an attacker has as many IPv6 networks as it likes, and must not have
/// an IPv4 host forgotten by them.
/// </summary>
/// <remarks>Of IPv4, of which there are the most, the address alone is the key: that is half of an entry.</remarks>
internal sealed class HostTable<T>(int mostOfEach)
{
    private readonly AgingTable<IPv4Key, T> _v4 = new(mostOfEach);
    private readonly AgingTable<HostKey, T> _v6 = new(mostOfEach);

    /// <inheritdoc cref="AgingTable{TKey, TValue}.OldestFirst"/>
    public IEnumerable<KeyValuePair<HostKey, T>> OldestFirst =>
        _v4.OldestFirst.Select(entry => KeyValuePair.Create(HostKey.OfIPv4(entry.Key.Address), entry.Value)).Concat(_v6.OldestFirst);

    /// <inheritdoc cref="AgingTable{TKey, TValue}.Find"/>
    public ref T Find(in HostKey host) => ref host.IsIPv4 ? ref _v4.Find(new IPv4Key(host.IPv4)) : ref _v6.Find(host);

    /// <inheritdoc cref="AgingTable{TKey, TValue}.Touch"/>
    public ref T Touch(in HostKey host, out bool added, out T? givenUp) =>
        ref host.IsIPv4 ? ref _v4.Touch(new IPv4Key(host.IPv4), out added, out givenUp) : ref _v6.Touch(host, out added, out givenUp);

    /// <inheritdoc cref="AgingTable{TKey, TValue}.Remove"/>
    public bool Remove(in HostKey host) => host.IsIPv4 ? _v4.Remove(new IPv4Key(host.IPv4)) : _v6.Remove(host);
}
