using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Transactions;

/// <summary>
/// Which hosts' latest sender was told of before its refusal (<see cref="Grammars.MailEvent.IsAnnounced"/>): that one tells nothing new.
/// Bounded.
/// </summary>
internal sealed class AnnouncedSenders
{
    // The refusal is the process's next line.
    private const int Most = 4_096;

    private readonly AgingTable<HostKey, bool> _counted = new(Most);

    /// <summary>A sender of a host's was told of.</summary>
    /// <param name="host">The host.</param>
    /// <param name="isCounted">Whether it counts.</param>
    public void Note(in HostKey host, bool isCounted) => _counted.Touch(host, out _, out _) = isCounted;

    /// <summary>A sender of a host's was refused: whether all of it was told before.</summary>
    /// <param name="host">The host.</param>
    /// <param name="isNamed">Whether the refusal says which sender it is.</param>
    public bool TrySettle(in HostKey host, bool isNamed)
    {
        ref var counted = ref _counted.Find(host);
        if (Unsafe.IsNullRef(ref counted))
            return false;
        // One that did not count by itself may have the recipient's domain.
        var isTold = counted || !isNamed;
        _counted.Remove(host);
        return isTold;
    }
}
