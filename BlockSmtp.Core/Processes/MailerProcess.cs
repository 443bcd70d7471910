namespace BlockSmtp.Processes;

/// <summary>A process that was found to be a mail server's, held so that nothing done to it can reach another one.</summary>
internal sealed class MailerProcess : IDisposable
{
    private MailerProcess(int processId, MailerKind kind, PidFd? handle, ulong startTicks)
    {
        ProcessId = processId;
        Kind = kind;
        Handle = handle;
        StartTicks = startTicks;
    }

    public int ProcessId { get; }

    /// <summary>Which mail server's it is.</summary>
    public MailerKind Kind { get; }

    /// <summary>The process itself; null where the kernel has no such thing (before Linux 5.3, or forbidden in a container).</summary>
    public PidFd? Handle { get; }

    /// <summary>When it started, in ticks since the boot.</summary>
    public ulong StartTicks { get; }

    /// <summary>Opens a process.</summary>
    /// <param name="processId">Its number.</param>
    /// <param name="process">The process, for <see cref="PeerLookupOutcome.Found"/>; the caller's to dispose of.</param>
    /// <returns><see cref="PeerLookupOutcome.Found"/> when it is a mail server's.</returns>
    public static PeerLookupOutcome TryOpen(int processId, out MailerProcess? process)
    {
        process = null;
        if (processId <= 0)
            return PeerLookupOutcome.NoProcess;

        // ESRCH: no such process. EINVAL, ENOENT: the number of a thread.
        var handle = PidFd.TryOpen(processId, out var error);
        if (error is ProcessCalls.ESRCH or ProcessCalls.EINVAL or ProcessCalls.ENOENT)
            return PeerLookupOutcome.NoProcess;

        var outcome = ProcStatus.IsMailer(processId, out var kind);
        if (outcome == PeerLookupOutcome.Found && !ProcStatus.SharesNetwork(processId))
            outcome = PeerLookupOutcome.NotTheMailer;
        var startTicks = ProcStatus.StartTicks(processId);

        // What /proc said was said of the process in the handle, if that is still alive: till then nobody gets its number.
        if (startTicks is null || handle is { HasExited: true })
            outcome = PeerLookupOutcome.NoProcess;
        if (outcome == PeerLookupOutcome.Found)
            process = new(processId, kind, handle, startTicks!.Value);
        else
            handle?.Dispose();
        return outcome;
    }

    /// <summary>Whether it is still there.</summary>
    public bool IsAlive => Handle is { } handle ? !handle.HasExited : ProcStatus.StartTicks(ProcessId) == StartTicks;

    public void Dispose() => Handle?.Dispose();
}
