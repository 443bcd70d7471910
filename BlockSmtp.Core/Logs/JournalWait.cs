using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BlockSmtp.Logs;

/// <summary>Waits until the journal has something new: its own descriptor (inotify within), an eventfd(2) for cancellation.</summary>
internal sealed unsafe class JournalWait : IDisposable
{
    private readonly JournalHandle _journal;
    private readonly int _changed;
    private readonly int _cancelled;
    private readonly CancellationTokenRegistration _registration;

    public JournalWait(JournalHandle journal, CancellationToken cancellationToken)
    {
        _journal = journal;
        // Asked for before anything is read: from here on nothing is missed.
        _changed = JournalHandle.Check(JournalCalls.GetDescriptor(journal), "watched");
        _cancelled = FileCalls.EventDescriptor(0, FileCalls.CloseOnExec | FileCalls.NonBlocking);
        if (_cancelled < 0)
            throw new IOException($"the journal cannot be watched: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        _registration = cancellationToken.UnsafeRegister(static wait => ((JournalWait)wait!).Cancel(), this);
    }

    /// <summary>Blocks the thread until something may have happened, the time is up, or the token is cancelled.</summary>
    /// <param name="milliseconds">The time; -1 for any.</param>
    /// <exception cref="IOException">The journal fails.</exception>
    public void Wait(int milliseconds)
    {
        var descriptors = stackalloc FileCalls.PollDescriptor[2];
        descriptors[0] = new() { Descriptor = _cancelled, Events = FileCalls.PollIn };
        descriptors[1] = new() { Descriptor = _changed, Events = (short)JournalHandle.Check(JournalCalls.GetEvents(_journal), "watched") };
        _ = FileCalls.Poll(descriptors, 2, Earliest(milliseconds));
        // Also when the time was up: for a journal on a network file system that is all there is.
        if (descriptors[0].ReturnedEvents == 0)
            JournalHandle.Check(JournalCalls.Process(_journal), "read");
    }

    public void Dispose()
    {
        _registration.Dispose(); // waits for a Cancel that is running
        _ = FileCalls.Close(_cancelled);
    }

    /// <summary>The given time, or the one after which libsystemd wants to look for itself.</summary>
    private int Earliest(int milliseconds)
    {
        if (JournalCalls.GetTimeout(_journal, out var deadline) < 0 || deadline == ulong.MaxValue)
            return milliseconds;
        var now = (ulong)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000));
        var wanted = deadline <= now ? 0 : (int)Math.Min(((deadline - now) / 1000) + 1, int.MaxValue);
        return milliseconds < 0 ? wanted : Math.Min(milliseconds, wanted);
    }

    private void Cancel()
    {
        ulong one = 1;
        _ = FileCalls.Write(_cancelled, &one, sizeof(ulong));
    }
}
