using System.Buffers.Binary;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Changes of what is in the sets of a table, as the kernel takes them in one transaction. libnftables reads them from text, and what
/// else is in the table each time anew: that takes ten times as long, and a kilobyte or two for each element.
/// </summary>
internal sealed class NftablesBatch(string table)
{
    /// <summary>So many changes are less than what a socket takes at once by itself, 200 KiB (net.core.wmem_default).</summary>
    public const int Most = 3_000;

    // The length of an attribute has 16 bits; an element of IPv6 takes 44 bytes.
    private const int MostInMessage = 1_000;

    private readonly NftablesMessageWriter _writer = new();
    private NftablesChange? _last;
    private int _list;
    private int _count;

    /// <summary>Begins anew.</summary>
    public void Begin()
    {
        _writer.Clear();
        _last = null;
        _writer.Begin(NftablesMessages.BatchBegin, NftablesMessages.Request, 0, NftablesMessages.Nftables);
        _writer.End();
    }

    /// <summary>Changes what is in sets.</summary>
    public void Write(IEnumerable<NftablesChange> changes)
    {
        foreach (var change in changes)
            Write(change);
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

    private void Write(in NftablesChange change)
    {
        if (_last?.IsLike(change) != true || _count == MostInMessage)
            BeginList(change);
        _count++;
        var element = _writer.BeginNested(NftablesMessages.Element);
        var key = _writer.BeginNested(NftablesMessages.Key);
        change.Network.BaseAddress.TryWriteBytes(_writer.Attribute(NftablesMessages.Value, change.Set.Bits / 8), out _);
        _writer.EndNested(key);
        if (change.Seconds is { } seconds)
            BinaryPrimitives.WriteInt64BigEndian(_writer.Attribute(NftablesMessages.Timeout, sizeof(long)), seconds * 1000);
        _writer.EndNested(element);
    }

    private void BeginList(in NftablesChange first)
    {
        EndList();
        (_last, _count) = (first, 0);
        var (type, flags) = first.Seconds is null
            ? (NftablesMessages.DeleteElements, NftablesMessages.Request)
            : (NftablesMessages.NewElements, (ushort)(NftablesMessages.Request | NftablesMessages.Create));
        _writer.Begin(type, flags, NftablesMessages.Inet);
        _writer.Text(NftablesMessages.Table, table);
        _writer.Text(NftablesMessages.Set, first.Set.Name);
        _list = _writer.BeginNested(NftablesMessages.Elements);
    }

    private void EndList()
    {
        if (_last is null)
            return;
        _writer.EndNested(_list);
        _writer.End();
    }
}
