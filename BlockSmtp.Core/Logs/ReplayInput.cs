using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Logs;

/// <summary>One finished log of a replay: a file, a compressed file, a pipe, or standard input.</summary>
internal sealed class ReplayInput
{
    private readonly string _path;
    private readonly Stream? _standardInput;

    public ReplayInput(string path, Stream? standardInput)
    {
        _path = path;
        _standardInput = standardInput;
    }

    private bool IsStandardInput => _path == ReplayLogSource.StandardInput;

    private bool IsCompressed => _path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a file that can be read as it is, without unpacking and without waiting for a writer.</summary>
    public bool IsPlainFile => !IsStandardInput && !IsCompressed && FileCalls.Status(_path, out var status) == 0 && status.IsRegular;

    /// <summary>Makes sure that it can be read.</summary>
    /// <returns>Its size as it is stored, in bytes; null where that is not known beforehand.</returns>
    /// <exception cref="IOException">It is not there, or is a directory.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public long? Check()
    {
        if (IsStandardInput)
            return null;
        int error = FileCalls.Status(_path, out var status);
        if (error == 0 && status.IsDirectory)
            error = FileCalls.IsADirectory;
        if (error != 0)
            throw LogFileError.For(_path, error);
        if (!status.IsRegular)
            return null; // to open a pipe and close it again would end its writer
        OpenFile().Dispose();
        return status.Size;
    }

    /// <summary>Opens it for reading from its beginning.</summary>
    /// <param name="stored">The bytes as they are stored; its position tells how far the reading has come.</param>
    /// <returns>The bytes of the log.</returns>
    public Stream Open(out Stream stored)
    {
        stored = IsStandardInput
            ? _standardInput ?? new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0)
            : new FileStream(OpenFile(), FileAccess.Read, bufferSize: 0);
        return IsCompressed ? new GZipStream(stored, CompressionMode.Decompress) : stored;
    }

    /// <summary>Fills <paramref name="target"/>, except where the rest may be long in coming.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="IOException">The disk fails, or the compressed file is damaged.</exception>
    public int Read(Stream bytes, Span<byte> target)
    {
        try
        {
            return IsCompressed ? bytes.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) : bytes.Read(target);
        }
        catch (InvalidDataException e)
        {
            throw new IOException($"{_path}: is damaged or no gzip file ({e.Message}): check it with gzip -t", e);
        }
    }

    private SafeFileHandle OpenFile()
    {
        int descriptor = FileCalls.Open(_path, FileCalls.CloseOnExec);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw LogFileError.For(_path, Marshal.GetLastPInvokeError());
    }
}
