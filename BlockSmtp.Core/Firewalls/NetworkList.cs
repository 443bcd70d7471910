using System.Collections;
using System.Net;
using BlockSmtp.Addresses;

namespace BlockSmtp.Firewalls;

/// <summary>Networks that are made when they are looked at: as objects, hundreds of thousands would take four times the memory.</summary>
internal sealed class NetworkList(IReadOnlyList<HostKey> keys) : IReadOnlyCollection<IPNetwork>
{
    public int Count => keys.Count;

    public IEnumerator<IPNetwork> GetEnumerator() => keys.Select(key => key.ToNetwork()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
