using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace BlockSmtp.Processes;

/// <summary>
/// The entries of a directory below /proc whose names are numbers: processes or descriptors. readdir(3) rather than .NET's
/// enumeration, which allocates a name for each and looks at what the links in /proc/PID/fd lead to.
/// </summary>
internal ref struct ProcNumbers : IDisposable
{
    // struct dirent of glibc and musl on 64-bit Linux: inode 8, offset 8, length 2, type 1, then the name.
    private const int NameOffset = 19;

    private nint _directory;

    private ProcNumbers(nint directory) => _directory = directory;

    public int Current { get; private set; }

    /// <summary>The processes of the machine.</summary>
    public static ProcNumbers Processes() => new(ProcFile.OpenDirectory(0, default, out _));

    /// <summary>The open descriptors of a process; none, with the error number, when they can't be seen.</summary>
    public static ProcNumbers Descriptors(int processId, out int error) => new(ProcFile.OpenDirectory(processId, "fd"u8, out error));

    public unsafe bool MoveNext()
    {
        byte* entry;
        while (_directory != 0 && (entry = ProcessCalls.ReadDirectory(_directory)) != null)
        {
            var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset);
            if (Utf8Parser.TryParse(name, out int number, out var digits) && digits == name.Length)
            {
                Current = number;
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        if (_directory != 0)
            _ = ProcessCalls.CloseDirectory(_directory);
        _directory = 0;
    }
}
