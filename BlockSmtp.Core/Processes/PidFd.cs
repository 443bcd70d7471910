using BlockSmtp.Collections;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Processes;

/// <summary>
/// A process held by a descriptor (pidfd_open(2), Linux 5.3): what is done through it is done to that process or fails,
/// never to another one that got its number.
/// </summary>
internal sealed class PidFd : SafeHandleMinusOneIsInvalid
{
    private PidFd(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    private int Descriptor => (int)handle;

    /// <summary>Opens a process; null with the error number when that can't be.</summary>
    public static PidFd? TryOpen(int processId, out int error)
    {
        var descriptor = ProcessCalls.PidFdOpen(processId);
        error = descriptor < 0 ? ProcessCalls.LastError : 0;
        return descriptor < 0 ? null : new(descriptor);
    }

    /// <summary>Whether the process has ended, zombies included: the descriptor is readable then.</summary>
    public unsafe bool HasExited
    {
        get
        {
            var entry = new ProcessCalls.PollEntry { Descriptor = Descriptor, Events = ProcessCalls.PollEntry.In };
            return ProcessCalls.Poll(&entry, 1, 0) > 0;
        }
    }

    /// <summary>
    /// Gets a descriptor of the process for ourselves (pidfd_getfd(2), Linux 5.6, closed on exec); negative with the error number.
    /// </summary>
    public int Duplicate(int descriptor, out int error)
    {
        var ours = ProcessCalls.PidFdGetFd(Descriptor, descriptor);
        error = ours < 0 ? ProcessCalls.LastError : 0;
        return ours;
    }

    /// <summary>Sends a signal; false when the process is gone or it is not permitted.</summary>
    public bool Signal(int signal) => ProcessCalls.PidFdSendSignal(Descriptor, signal) == 0;

    protected override bool ReleaseHandle() => ProcessCalls.Close(Descriptor) == 0;
}
