using System.Runtime.InteropServices;

namespace BlockSmtp.Logs;

/// <summary>
/// Waits for something to happen to a file or to its name: inotify(7) for what the kernel tells, an eventfd(2) for
/// cancellation, and a time-out for what inotify does not see, such as a network file system.
/// </summary>
/// <remarks>
/// It only says <em>that</em> something happened. What it was is found by looking at the files, so a lost or surplus event
/// does no harm.
/// </remarks>
internal sealed unsafe class FileWatch : IDisposable
{
    // IN_MODIFY, IN_ATTRIB (also told when a name of the file is removed)
    private const uint OfFile = 0x2 | 0x4;

    // IN_ATTRIB (may have become readable), IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE, IN_DELETE_SELF, IN_MOVE_SELF, IN_ONLYDIR
    private const uint OfDirectory = 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800 | 0x1000000;

    // IN_MOVED_TO, IN_CREATE; IN_ISDIR
    private const uint NameArrived = 0x80 | 0x100;
    private const uint OfSubdirectory = 0x40000000;

    // IN_DELETE_SELF, IN_MOVE_SELF, IN_UNMOUNT, IN_Q_OVERFLOW, IN_IGNORED
    private const uint WatchLost = 0x400 | 0x800 | 0x2000 | 0x4000 | 0x8000;

    // How often to look where inotify is not to be had.
    private const int BlindMilliseconds = 100;

    private readonly string _path;
    private readonly int _cancelled;
    private readonly int _notify;
    private readonly int[] _directoryWatches = [-1, -1, -1, -1];
    private readonly CancellationTokenRegistration _registration;
    private bool _disposed;

    public FileWatch(string path, CancellationToken cancellationToken)
    {
        _path = path;
        _cancelled = FileCalls.EventDescriptor(0, FileCalls.CloseOnExec | FileCalls.NonBlocking);
        if (_cancelled < 0)
            throw LogFileError.For(path, Marshal.GetLastPInvokeError());
        _notify = FileCalls.NotifyInit(FileCalls.CloseOnExec | FileCalls.NonBlocking);
        IsBlind = _notify < 0;
        WatchName();
        _registration = cancellationToken.UnsafeRegister(static watch => ((FileWatch)watch!).Cancel(), this);
    }

    /// <summary>Whether inotify could not be had for all that is to be watched, for example as the user has too many.</summary>
    public bool IsBlind { get; private set; }

    /// <summary>Watches an open file, whatever its name.</summary>
    public void Add(OpenLogFile file) => file.Watch = AddWatch(file.DescriptorPath, OfFile);

    public void Remove(OpenLogFile file)
    {
        if (file.Watch >= 0)
            _ = FileCalls.NotifyRemoveWatch(_notify, file.Watch);
    }

    /// <summary>
    /// Watches the directory that the name is in, and the one that it leads to where it is a symbolic link. While such a
    /// directory does not exist, the nearest one above it that does.
    /// </summary>
    public void WatchName()
    {
        if (_notify < 0)
            return;
        // A directory may be made just before its parent is watched, and then nobody tells: look again until it rests.
        while (HasWatchMoved())
        {
        }
    }

    /// <summary>Blocks the thread until something has happened, the time is up, or the token is cancelled.</summary>
    /// <returns>False when the time was up.</returns>
    public bool Wait(int milliseconds)
    {
        var descriptors = stackalloc FileCalls.PollDescriptor[2];
        descriptors[0] = new() { Descriptor = _cancelled, Events = FileCalls.PollIn };
        descriptors[1] = new() { Descriptor = _notify, Events = FileCalls.PollIn }; // poll(2) passes over a negative one
        int ready = FileCalls.Poll(descriptors, 2, IsBlind ? Math.Min(milliseconds, BlindMilliseconds) : milliseconds);
        if (descriptors[1].ReturnedEvents != 0 && ready > 0)
            TakeEvents();
        return ready != 0;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _registration.Dispose(); // waits for a Cancel that is running
        _ = FileCalls.Close(_cancelled);
        if (_notify >= 0)
            _ = FileCalls.Close(_notify);
    }

    private void Cancel()
    {
        ulong one = 1;
        _ = FileCalls.Write(_cancelled, &one, sizeof(ulong));
    }

    private void TakeEvents()
    {
        const int BufferLength = 4096;
        const int HeaderLength = 16;
        byte* buffer = stackalloc byte[BufferLength];
        nint count = FileCalls.Read(_notify, buffer, BufferLength);
        bool hasDirectoryMoved = false;
        for (nint at = 0; at + HeaderLength <= count; at += HeaderLength + (nint)(*(uint*)(buffer + at + 12)))
        {
            uint happened = *(uint*)(buffer + at + 4);
            hasDirectoryMoved |= (happened & WatchLost) != 0 || ((happened & OfSubdirectory) != 0 && (happened & NameArrived) != 0);
        }
        if (hasDirectoryMoved)
            WatchName();
    }

    private bool HasWatchMoved()
    {
        Span<int> watches = [-1, -1, -1, -1];
        WatchDirectoryOf(_path, watches[..2]);
        if (FinalTarget() is { } target)
            WatchDirectoryOf(target, watches[2..]);
        bool hasMoved = !watches.SequenceEqual(_directoryWatches);
        foreach (int old in _directoryWatches)
        {
            if (old >= 0 && !watches.Contains(old))
                _ = FileCalls.NotifyRemoveWatch(_notify, old);
        }
        watches.CopyTo(_directoryWatches);
        return hasMoved;
    }

    // The directory above as well: a directory that is removed does not say so while a file that was in it is open.
    private void WatchDirectoryOf(string path, Span<int> watches)
    {
        var directory = Path.GetDirectoryName(path);
        while (directory is not null && (watches[0] = AddWatch(directory, OfDirectory)) < 0)
            directory = Path.GetDirectoryName(directory);
        if (Path.GetDirectoryName(directory) is { } above)
            watches[1] = AddWatch(above, OfDirectory);
    }

    private int AddWatch(string path, uint mask)
    {
        int watch = _notify < 0 ? -1 : FileCalls.NotifyAddWatch(_notify, path, mask);
        // A directory that may not be listed, or a file gone already, is left to the time-out.
        if (watch < 0 && _notify >= 0)
            IsBlind |= Marshal.GetLastPInvokeError() is not (FileCalls.NotThere or FileCalls.NotADirectory or FileCalls.NoPermission);
        return watch;
    }

    private string? FinalTarget()
    {
        try
        {
            return File.ResolveLinkTarget(_path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // not there yet, or links in a circle
        }
    }
}
