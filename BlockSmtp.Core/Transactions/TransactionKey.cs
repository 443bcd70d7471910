using BlockSmtp.Grammars;

namespace BlockSmtp.Transactions;

/// <summary>One transaction: process numbers are used again, so the queue id is part of it, and so is the host that logged.</summary>
internal readonly record struct TransactionKey(QueueId Id, int ProcessId, int Host)
{
    public bool Equals(TransactionKey other) => Id.Equals(other.Id) && ProcessId == other.ProcessId && Host == other.Host;

    public override int GetHashCode() => Id.GetHashCode() ^ (ProcessId * 0x2545F491) ^ (Host << 24);
}
