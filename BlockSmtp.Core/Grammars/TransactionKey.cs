using BlockSmtp.Grammars;

namespace BlockSmtp.Grammars;

/// <summary>One transaction: process numbers are used again, so the queue id is part of it, and so is the host that logged.</summary>
internal readonly record struct TransactionKey(QueueId Id, int ProcessId, int Host)
{
    /// <summary>The transaction as one number, never 0 (<see cref="Offense.Transaction"/>).</summary>
    public ulong Number => NumberOf(Id, Host);

    /// <summary>
    /// The same of who knows nothing but the queue id, in which the process is: the first host of a log is 0, and usually the only one.
    /// </summary>
    public static ulong NumberOf(QueueId id, int host = 0)
    {
        var mixed = (id.Mixed ^ ((ulong)(uint)host << 52)) * 0x9E3779B97F4A7C15;
        return mixed == 0 ? 1 : mixed;
    }

    public bool Equals(TransactionKey other) => Id.Equals(other.Id) && ProcessId == other.ProcessId && Host == other.Host;

    public override int GetHashCode() => Id.GetHashCode() ^ (ProcessId * 0x2545F491) ^ (Host << 24);
}
