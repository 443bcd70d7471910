using System.Buffers.Text;

namespace BlockSmtp.Processes;

/// <summary>Reads files and links below /proc/PID into the caller's buffer, without exceptions: processes come and go.</summary>
internal static unsafe class ProcFile
{
    private const int MaxPath = 64;
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens a file of a process; negative with the error number.</summary>
    public static int Open(int processId, ReadOnlySpan<byte> name, out int error)
    {
        var path = stackalloc byte[MaxPath];
        WritePath(new(path, MaxPath), processId, name, -1);
        var file = ProcessCalls.Open(path, CloseOnExec);
        error = file < 0 ? ProcessCalls.LastError : 0;
        return file;
    }

    /// <summary>Reads on in a file; 0 at its end, negative when it can't be read.</summary>
    public static int Read(int file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
                count = ProcessCalls.Read(file, start, (nuint)buffer.Length);
            while (count < 0 && ProcessCalls.LastError == ProcessCalls.EINTR);
            return (int)count;
        }
    }

    /// <summary>Reads a file of a process from its beginning, as much as fits; empty when it can't be read.</summary>
    public static ReadOnlySpan<byte> ReadAll(int processId, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        var file = Open(processId, name, out _);
        if (file < 0)
            return default;
        var length = 0;
        try
        {
            int count;
            while (length < buffer.Length && (count = Read(file, buffer[length..])) > 0)
                length += count;
        }
        finally
        {
            _ = ProcessCalls.Close(file);
        }

        return buffer[..length];
    }

    /// <summary>Reads a link of a process, such as "exe"; empty with the error number when it can't be read.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="name">The link, or with <paramref name="number"/> the directory it is in.</param>
    /// <param name="buffer">Takes the text, cut to its length.</param>
    /// <param name="error">The error number, 0 for none.</param>
    /// <param name="number">The link's own name, where that is a number.</param>
    public static ReadOnlySpan<byte> ReadLink(int processId, ReadOnlySpan<byte> name, Span<byte> buffer, out int error, int number = -1)
    {
        var path = stackalloc byte[MaxPath];
        WritePath(new(path, MaxPath), processId, name, number);
        fixed (byte* start = buffer)
        {
            var count = (int)ProcessCalls.ReadLink(path, start, (nuint)buffer.Length);
            error = count < 0 ? ProcessCalls.LastError : 0;
            return count < 0 ? default : buffer[..count];
        }
    }

    /// <summary>Opens a directory of a process, or /proc itself for process 0; 0 with the error number.</summary>
    public static nint OpenDirectory(int processId, ReadOnlySpan<byte> name, out int error)
    {
        var path = stackalloc byte[MaxPath];
        WritePath(new(path, MaxPath), processId, name, -1);
        var directory = ProcessCalls.OpenDirectory(path);
        error = directory == 0 ? ProcessCalls.LastError : 0;
        return directory;
    }

    /// <summary>Writes /proc[/PID[/name[/number]]] and a NUL.</summary>
    private static void WritePath(Span<byte> path, int processId, ReadOnlySpan<byte> name, int number)
    {
        "/proc"u8.CopyTo(path);
        var length = 5;
        if (processId > 0)
            Append(path, ref length, processId);
        if (!name.IsEmpty)
        {
            path[length++] = (byte)'/';
            name.CopyTo(path[length..]);
            length += name.Length;
        }

        if (number >= 0)
            Append(path, ref length, number);
        path[length] = 0;
    }

    private static void Append(Span<byte> path, ref int length, int number)
    {
        path[length++] = (byte)'/';
        Utf8Formatter.TryFormat(number, path[length..], out var digits);
        length += digits;
    }
}
