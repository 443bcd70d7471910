using System.Runtime.InteropServices;

namespace BlockSmtp.Logs;

/// <summary>
/// A log file that is open and the place in it up to which it was read. It stays readable when it is renamed or deleted.
/// </summary>
internal sealed unsafe class OpenLogFile : IDisposable
{
    /// <summary>What <see cref="Read"/> answers when the file is no longer the one that was read so far.</summary>
    public const int Truncated = -1;

    // Two different mail logs do not have the same 64 bytes in the same place: there is a time and a queue id in them.
    private const int TailLength = 64;

    private readonly string _path;
    private readonly int _descriptor;
    private readonly byte[] _tail = new byte[TailLength];
    private readonly byte[] _tailNow = new byte[TailLength];
    private readonly FileHead _head = new();
    private int _tailLength;
    private bool _closed;

    private OpenLogFile(string path, int descriptor, FileIdentity identity)
    {
        _path = path;
        _descriptor = descriptor;
        Identity = identity;
    }

    ~OpenLogFile() => Close();

    public FileIdentity Identity { get; }

    /// <summary>How far the file was read, in bytes from its beginning.</summary>
    public long Offset { get; private set; }

    /// <summary>A hash of the file's first line.</summary>
    public string Head => _head.Hash;

    /// <summary>The inotify(7) watch on this file, or -1.</summary>
    public int Watch { get; set; } = -1;

    /// <summary>A name that leads to this very file whatever it is called by now, see proc_pid_fd(5).</summary>
    public string DescriptorPath => $"/proc/self/fd/{_descriptor}";

    /// <summary>Opens a file at its beginning.</summary>
    /// <returns>Zero, or an error as <see cref="LogFileError"/> takes it.</returns>
    public static int TryOpen(string path, out OpenLogFile? file)
    {
        file = null;
        // Non-blocking: to open a named pipe would wait for a writer.
        int descriptor = FileCalls.Open(path, FileCalls.CloseOnExec | FileCalls.NonBlocking);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError();
        int error = FileCalls.Status(descriptor, out var status);
        if (error == 0 && !status.IsRegular)
            error = status.IsDirectory ? FileCalls.IsADirectory : LogFileError.NotAFile;
        if (error == 0)
            file = new(path, descriptor, status.Identity);
        else
            _ = FileCalls.Close(descriptor);
        return error;
    }

    /// <summary>The length of the file now, in bytes.</summary>
    public long Length()
    {
        int error = FileCalls.Status(_descriptor, out var status);
        return error == 0 ? status.Size : throw LogFileError.For(_path, error);
    }

    /// <summary>
    /// Goes to where the last line feed before <paramref name="end"/> is, within <paramref name="scratch"/>'s length, so
    /// that a line that is only half written is read from its beginning and not taken for something else.
    /// </summary>
    /// <returns>False when there is none: the place is then <paramref name="end"/>, in the middle of a very long line.</returns>
    public bool GoToLastLine(long end, Span<byte> scratch)
    {
        ReadHead();
        if (scratch.Length > end)
            scratch = scratch[..(int)end];
        Offset = end - scratch.Length;
        int filled = 0;
        int count;
        while (filled < scratch.Length && (count = Read(scratch[filled..])) != 0)
        {
            if (count == Truncated)
                return true; // just now: everything in it is new
            filled += count;
        }
        int lineStart = scratch[..filled].LastIndexOf((byte)'\n') + 1;
        if (lineStart == 0 && Offset > filled)
            return false;
        Offset -= filled - lineStart;
        _tailLength = 0;
        Remember(scratch[..lineStart]);
        return true;
    }

    /// <summary>Goes to a place in which an earlier run has left off, if this is the file.</summary>
    public bool TryGoTo(FilePosition position)
    {
        if (position.Offset > Length())
            return false;
        ReadHead();
        if (position.Head != FileHead.Unknown && Head != position.Head)
            return false;
        var before = new byte[(int)Math.Min(TailLength, position.Offset)];
        Offset = position.Offset - before.Length;
        _tailLength = 0;
        return Read(before) == before.Length;
    }

    /// <summary>Reads on.</summary>
    /// <remarks>
    /// The bytes before the place are read with it and compared, in the same system call. That tells a file that was
    /// truncated and has grown past the place since, which its size does not.
    /// </remarks>
    /// <returns>How many bytes, 0 at the end, or <see cref="Truncated"/>: the place is then the beginning.</returns>
    /// <exception cref="IOException">The disk or the network file system fails.</exception>
    public int Read(Span<byte> target)
    {
        nint count;
        fixed (byte* before = _tailNow, here = target)
        {
            var vectors = stackalloc FileCalls.IoVector[2];
            vectors[0] = new() { Base = before, Length = (nuint)_tailLength };
            vectors[1] = new() { Base = here, Length = (nuint)target.Length };
            do
                count = FileCalls.ReadAt(_descriptor, vectors, 2, Offset - _tailLength);
            while (count < 0 && Marshal.GetLastPInvokeError() == FileCalls.Interrupted);
        }
        if (count < 0)
            throw LogFileError.For(_path, Marshal.GetLastPInvokeError());
        if (count < _tailLength || !IsTailUnchanged())
        {
            Offset = _tailLength = 0;
            _head.Clear();
            return Truncated;
        }
        int read = (int)count - _tailLength;
        if (Offset == _head.Length)
            _head.Add(target[..read]);
        Offset += read;
        Remember(target[..read]);
        return read;
    }

    /// <summary>Reads the first line, when reading does not begin with it.</summary>
    private void ReadHead()
    {
        var head = new byte[FileHead.MostBytes];
        var (offset, tail) = (Offset, _tailLength);
        (Offset, _tailLength) = (0, 0);
        while (_head.Hash == FileHead.Unknown && Read(head) > 0)
        {
        }
        (Offset, _tailLength) = (offset, tail);
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    // A writer that does not append goes on at its old place after a truncation and leaves a hole before it, which reads
    // as NUL bytes: what follows is still what comes next.
    private bool IsTailUnchanged()
    {
        ReadOnlySpan<byte> now = _tailNow.AsSpan(0, _tailLength);
        return now.SequenceEqual(_tail.AsSpan(0, _tailLength)) || !now.ContainsAnyExcept((byte)0);
    }

    private void Remember(ReadOnlySpan<byte> read)
    {
        if (read.Length >= TailLength)
        {
            read[^TailLength..].CopyTo(_tail);
            _tailLength = TailLength;
            return;
        }
        int kept = Math.Min(_tailLength, TailLength - read.Length);
        _tail.AsSpan(_tailLength - kept, kept).CopyTo(_tail);
        read.CopyTo(_tail.AsSpan(kept));
        _tailLength = kept + read.Length;
    }

    private void Close()
    {
        if (!_closed)
            _ = FileCalls.Close(_descriptor);
        _closed = true;
    }
}
