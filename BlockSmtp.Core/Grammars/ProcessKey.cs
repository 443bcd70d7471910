namespace BlockSmtp.Grammars;

/// <summary>A process on one of the hosts whose lines are in the log.</summary>
internal readonly record struct ProcessKey(int ProcessId, int Host)
{
    public override int GetHashCode() => (ProcessId * 0x2545F491) ^ (Host << 24);
}
