using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

#pragma warning disable CA1416 // All of this program is for Linux.

namespace BlockSmtp.Reading;

/// <summary>
/// Notes which line is being read, in a file that outlives the process: what was in hand when the last run died is left out. A page of memory that is shared with the
/// file, so that a note costs no call.
/// </summary>
/// <remarks>
/// Within the reading of a line only a defect ends the process. Within what the line leads to it may be anything, such as SIGKILL, and a guess must not be lost by
/// that: such a line is tried once more.
/// </remarks>
internal sealed unsafe class LineInHand : IDisposable
{
    private const int Size = 4096;
    private const int Most = Size - TextAt;

    // What is in the file: what is done with the line, how many runs have died at it, its length, and its beginning.
    private const int StageAt = 0;
    private const int DeathsAt = 1;
    private const int LengthAt = 4;
    private const int TextAt = 8;

    private const byte Idle = 0;
    private const byte Reading = 1;
    private const byte Acting = 2;

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
    /// <returns>False when the last run has died at it: leave it out.</returns>
    public bool TryTake(ReadOnlySpan<byte> line)
    {
        if (_page is null)
            return true;
        var isSuspect = _suspect is { } suspect && line.Length == _suspectLength && line.StartsWith(suspect);
        if (isSuspect && _deaths > 1)
            return false;
        line[..Math.Min(line.Length, Most)].CopyTo(new Span<byte>(_page + TextAt, Most));
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(_page + LengthAt, sizeof(int)), line.Length);
        _page[DeathsAt] = isSuspect ? _deaths : (byte)0;
        Volatile.Write(ref _page[StageAt], Reading);
        return true;
    }

    /// <summary>The line has been read; now comes what it leads to.</summary>
    public void Act()
    {
        if (_page is not null)
            Volatile.Write(ref _page[StageAt], Acting);
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
        if (stage is not (Reading or Acting) || _suspectLength <= 0)
            return;
        _suspect = new ReadOnlySpan<byte>(_page + TextAt, Math.Min(_suspectLength, Most)).ToArray();
        _deaths = (byte)(stage == Reading ? 2 : Math.Min(_page[DeathsAt] + 1, 2));
        PutDown();
    }
}
