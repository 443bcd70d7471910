using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// A table of hosts with room for so many of each family: an attacker has as many IPv6 networks as it likes, and must not have an IPv4 host forgotten by them.
/// </summary>
internal sealed class HostTable<T>(int mostOfEach)
{
    private readonly AgingTable<HostKey, T> _v4 = new(mostOfEach);
    private readonly AgingTable<HostKey, T> _v6 = new(mostOfEach);

    /// <inheritdoc cref="AgingTable{TKey, TValue}.OldestFirst"/>
    public IEnumerable<KeyValuePair<HostKey, T>> OldestFirst => _v4.OldestFirst.Concat(_v6.OldestFirst);

    /// <inheritdoc cref="AgingTable{TKey, TValue}.Find"/>
    public ref T Find(in HostKey host) => ref Of(host).Find(host);

    /// <inheritdoc cref="AgingTable{TKey, TValue}.Touch"/>
    public ref T Touch(in HostKey host, out bool added) => ref Of(host).Touch(host, out added, out _);

    /// <inheritdoc cref="AgingTable{TKey, TValue}.Remove"/>
    public bool Remove(in HostKey host) => Of(host).Remove(host);

    private AgingTable<HostKey, T> Of(in HostKey host) => host.IsIPv4 ? _v4 : _v6;
}
