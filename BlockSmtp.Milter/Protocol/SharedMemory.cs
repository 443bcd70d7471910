namespace BlockSmtp.Milter.Protocol;

/// <summary>What all connections together may keep of what they were sent, in bytes. May be used from any thread.</summary>
/// <param name="most">The most.</param>
internal sealed class SharedMemory(long most)
{
    private long _taken;

    /// <summary>Takes so much; nothing when there is not as much left.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most)
            return true;
        GiveBack(bytes);
        return false;
    }

    /// <summary>Gives back what was taken.</summary>
    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
