using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

#pragma warning disable CA1416 // All of this program is for Linux.

namespace BlockSmtp.Reading;

/// <summary>
/// Notes which line is being read, in a file that outlives the process: a line at which the last runs have died is left out. A page of
/// memory that is shared with the file, so that a note costs no call.
/// </summary>
/// <remarks>
/// Nobody can tell a process that died of a line from one that was killed while it had it in hand, and a guess must not be lost by SIGKILL:
/// a line is tried again, and left out when it has ended three runs one after the other.
/// </remarks>
internal sealed unsafe class LineInHand : IDisposable
{
    private const int Size = 4096;
    private const int Most = Size - TextAt;

    private const byte MostDeaths = 3;

    // What is in the file: whether there is a line in hand, how many runs have died at it, its length, and its beginning.
    private const int StageAt = 0;
    private const int DeathsAt = 1;
    private const int LengthAt = 4;
    private const int TextAt = 8;

    private const byte Idle = 0;
    private const byte Reading = 1;

    private MemoryMappedFile? _file;
    private MemoryMappedViewAccessor? _view;
    private byte* _page;
    private byte[]? _suspect;
    private int _suspectLength;
    private byte _deaths;

    /// <summary>Begins to note; looks first what the last run has left.</summary>
    /// <param name="path">The file; made where it is not there.</param>
    /// <returns>Why it cannot; null when it can.</returns>
    public string? TryOpen(string path)
    {
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (var file = new FileStream(path, options))
            {
                // Written, not only made longer: a page without a place on a disk that is full by then would end the process.
                if (file.Length < Size)
                {
                    file.Write(new byte[Size]);
                    file.Flush(flushToDisk: true);
                }
            }

            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, Size);
            _view = _file.CreateViewAccessor(0, Size);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _page);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Dispose();
            return e.Message;
        }

        Suspect();
        return null;
    }

    /// <summary>Takes a line in hand.</summary>
    /// <returns>False when the last runs have died at it: leave it out.</returns>
    public bool TryTake(ReadOnlySpan<byte> line)
    {
        if (_page is null)
            return true;
        var isSuspect = _suspect is { } suspect && line.Length == _suspectLength && line.StartsWith(suspect);
        if (isSuspect && _deaths >= MostDeaths)
            return false;
        line[..Math.Min(line.Length, Most)].CopyTo(new Span<byte>(_page + TextAt, Most));
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(_page + LengthAt, sizeof(int)), line.Length);
        _page[DeathsAt] = isSuspect ? _deaths : (byte)0;
        Volatile.Write(ref _page[StageAt], Reading);
        return true;
    }

    /// <summary>Has done with the line.</summary>
    public void PutDown()
    {
        if (_page is not null)
            Volatile.Write(ref _page[StageAt], Idle);
    }

    public void Dispose()
    {
        PutDown();
        if (_page is not null)
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _page = null;
        _view?.Dispose();
        _file?.Dispose();
        (_view, _file) = (null, null);
    }

    /// <summary>Keeps the line that the last run had in hand.</summary>
    private void Suspect()
    {
        var stage = _page[StageAt];
        _suspectLength = BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(_page + LengthAt, sizeof(int)));
        if (stage != Reading || _suspectLength <= 0)
            return;
        _suspect = new ReadOnlySpan<byte>(_page + TextAt, Math.Min(_suspectLength, Most)).ToArray();
        _deaths = (byte)Math.Min(_page[DeathsAt] + 1, MostDeaths);
        PutDown();
    }
}
