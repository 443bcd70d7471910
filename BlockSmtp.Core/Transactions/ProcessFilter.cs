namespace BlockSmtp.Transactions;

/// <summary>
/// Whether a line of a process can tell of a transaction that is remembered: nearly always not, and this says so without
/// reading the line's queue id. It errs on the side of yes.
/// </summary>
internal sealed class ProcessFilter
{
    // Numbers of processes are given out in order, so their last bits fall evenly. Small enough for the nearest cache.
    private readonly int[] _counts = new int[2048];

    public bool MayHave(int processId) => _counts[processId & (_counts.Length - 1)] > 0;

    public void Add(int processId) => _counts[processId & (_counts.Length - 1)]++;

    public void Remove(int processId) => _counts[processId & (_counts.Length - 1)]--;
}
