using System.Buffers.Binary;
using System.Net;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Changes of what is in the sets of a table, as the kernel takes them in one transaction. libnftables reads them from text, and what else is in the table each time anew:
/// that takes ten times as long, and a kilobyte or two for each element.
/// </summary>
internal sealed class NftablesBatch(string table)
{
    /// <summary>So many elements are less than what a socket takes at once, whatever the machine's settings: 200 KiB (net.core.wmem_default).</summary>
    public const int MostElements = 3_000;

    // The length of an attribute has 16 bits; an element of IPv6 takes 44 bytes.
    private const int MostInMessage = 1_000;

    private readonly NftablesMessageWriter _writer = new();
    private NftablesSet _set;
    private ushort _type;
    private int _list;
    private int _count;

    /// <summary>Begins anew.</summary>
    public void Begin()
    {
        _writer.Clear();
        _type = 0;
        _writer.Begin(NftablesMessages.BatchBegin, NftablesMessages.Request, 0, NftablesMessages.Nftables);
        _writer.End();
    }

    /// <summary>Adds networks, each until its end, to sets that have none of them.</summary>
    public void Add(IEnumerable<KeyValuePair<IPNetwork, DateTimeOffset>> ends, DateTimeOffset now)
    {
        foreach (var group in ends.GroupBy(end => NftablesSet.Of(end.Key)))
        {
            foreach (var (network, until) in group)
                Add(network, group.Key, Seconds(until, now));
        }
    }

    /// <summary>Blocks, again where it is blocked, and releases, also what is not there. Up to three elements for each network.</summary>
    public void Change(IEnumerable<KeyValuePair<IPNetwork, DateTimeOffset?>> changes, DateTimeOffset now)
    {
        foreach (var group in changes.GroupBy(change => NftablesSet.Of(change.Key)))
        {
            // As NftablesScript.Change does it, and says why.
            foreach (var (network, _) in group)
                Add(network, group.Key, 1);
            foreach (var (network, _) in group)
                Write(NftablesMessages.DeleteElements, network, group.Key, null);
            foreach (var (network, until) in group)
            {
                if (until is { } end)
                    Add(network, group.Key, Seconds(end, now));
            }
        }
    }

    /// <summary>Ends it.</summary>
    /// <param name="answered">The number of the message that is answered when all is done.</param>
    /// <returns>What the kernel is to be sent.</returns>
    public ReadOnlySpan<byte> End(out uint answered)
    {
        EndList();
        // Linux before 6.10 does not answer the end of a batch.
        answered = _writer.Number;
        _writer.WantAnswer();
        _writer.Begin(NftablesMessages.BatchEnd, NftablesMessages.Request, 0, NftablesMessages.Nftables);
        _writer.End();
        return _writer.Written;
    }

    private static long Seconds(DateTimeOffset until, DateTimeOffset now) => KernelTimeout.Seconds(until, now, NftablesScript.LongestTimeout);

    private void Add(IPNetwork network, NftablesSet set, long seconds) => Write(NftablesMessages.NewElements, network, set, seconds);

    private void Write(ushort type, IPNetwork network, NftablesSet set, long? seconds)
    {
        if (type != _type || set != _set || _count == MostInMessage)
            BeginList(type, set);
        _count++;
        var element = _writer.BeginNested(NftablesMessages.Element);
        var key = _writer.BeginNested(NftablesMessages.Key);
        network.BaseAddress.TryWriteBytes(_writer.Attribute(NftablesMessages.Value, set.Bits / 8), out _);
        _writer.EndNested(key);
        if (seconds is { } timeout)
            BinaryPrimitives.WriteInt64BigEndian(_writer.Attribute(NftablesMessages.Timeout, sizeof(long)), timeout * 1000);
        _writer.EndNested(element);
    }

    private void BeginList(ushort type, NftablesSet set)
    {
        EndList();
        (_type, _set, _count) = (type, set, 0);
        _writer.Begin(type, (ushort)(NftablesMessages.Request | (type == NftablesMessages.NewElements ? NftablesMessages.Create : 0)), NftablesMessages.Inet);
        _writer.Text(NftablesMessages.Table, table);
        _writer.Text(NftablesMessages.Set, set.Name);
        _list = _writer.BeginNested(NftablesMessages.Elements);
    }

    private void EndList()
    {
        if (_type == 0)
            return;
        _writer.EndNested(_list);
        _writer.End();
    }
}
