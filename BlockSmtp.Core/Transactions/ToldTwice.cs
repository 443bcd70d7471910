using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Transactions;

/// <summary>
/// Keeps a guess that both the log and a milter tell from counting twice, whoever tells first: by transaction (or host) and name, how far
/// one is ahead of the other. Bounded.
/// </summary>
internal sealed class ToldTwice
{
    // A line follows its milter within moments, so few are ahead at a time; those that never get a line age away.
    private const int Most = 65_536;

    private readonly AgingTable<ulong, int> _ahead = new(Most);

    /// <summary>Stands for the message of a transaction among its names.</summary>
    public const ulong Message = ulong.MaxValue;

    /// <summary>What stands for the transaction where the log names only the host (<see cref="Offense.IsLoggedByHost"/>).</summary>
    public static ulong NumberOf(HostKey host) => ((ulong)(uint)host.GetHashCode() * 0x9E3779B97F4A7C15) | 1;

    /// <summary>The milter tells: whether the log has not done so before.</summary>
    /// <param name="transaction"><see cref="Offense.Transaction"/>.</param>
    /// <param name="name"><see cref="Offense.RecipientKey"/>, or what stands for something else that is told twice.</param>
    public bool IsNewOfMilter(ulong transaction, ulong name) => IsNew(KeyOf(transaction, name), 1);

    /// <summary>The log tells: whether the milter has not done so before.</summary>
    /// <inheritdoc cref="IsNewOfMilter"/>
    public bool IsNewOfLog(ulong transaction, ulong name) => IsNew(KeyOf(transaction, name), -1);

    /// <summary>The log tells, but it does not count yet: whether the milter has told it before. Then this line is settled.</summary>
    /// <inheritdoc cref="IsNewOfMilter"/>
    public bool TrySettle(ulong transaction, ulong name)
    {
        var key = KeyOf(transaction, name);
        ref var ahead = ref _ahead.Find(key);
        return !Unsafe.IsNullRef(ref ahead) && ahead > 0 && !IsNew(key, -1);
    }

    private bool IsNew(ulong key, int step)
    {
        ref var ahead = ref _ahead.Touch(key, out _, out _);
        var isNew = ahead * step >= 0;
        ahead += step;
        if (ahead == 0)
            _ahead.Remove(key);
        return isNew;
    }

    // Names are seeded anew in each process (RecipientName), and queue ids are not the client's to choose.
    private static ulong KeyOf(ulong transaction, ulong name) => (transaction ^ (name * 0x9E3779B97F4A7C15)) * 0xD6E8FEB86659FD93;
}
