using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// What was under way when somebody had a host released: a session that was ended for the block may log one more wrong name, which it
/// has waited with in sendmail's throttle. That is not held against the host.
/// </summary>
internal sealed class Amnesty
{
    private const int MostHosts = 65_536;

    // A session that is ended is over in less than three seconds.
    private static readonly long Lasts = TimeSpan.FromSeconds(10).Ticks;

    private readonly AgingTable<HostKey, (long LastTransaction, long Until)> _hosts = new(MostHosts);

    /// <summary>A host is released, of whose transactions none has begun later than that of a number.</summary>
    public void Grant(HostKey host, long lastTransaction, long time) =>
        _hosts.Touch(host, out _, out _) = (lastTransaction, time + Lasts);

    /// <summary>Whether what is logged at a time of a host's transaction, by its number, was under way then.</summary>
    public bool Covers(HostKey host, long transaction, long time)
    {
        if (_hosts.Count == 0)
            return false;
        ref var granted = ref _hosts.Find(host);
        if (Unsafe.IsNullRef(ref granted))
            return false;
        if (time < granted.Until)
            return transaction <= granted.LastTransaction;
        _hosts.Remove(host);
        return false;
    }
}
