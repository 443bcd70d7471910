using System.Globalization;

namespace BlockSmtp.Logs;

/// <summary>The beginning of a file's first line: it has a time and a process in it, so no two logs have the same.</summary>
internal sealed class FileHead
{
    /// <summary>What <see cref="Hash"/> is while there is no first line.</summary>
    public const string Unknown = "-";

    /// <summary>A longer line is told by its first so many bytes.</summary>
    public const int MostBytes = 256;

    // FNV-1a of 64 bits (draft-eastlake-fnv). Not one of System.Security.Cryptography: on Linux that is OpenSSL, and a
    // process that finds none ends at once.
    private const ulong Basis = 0xcbf29ce484222325, Prime = 0x100000001b3;

    private readonly byte[] _bytes = new byte[MostBytes];
    private int _length;
    private string? _hash;

    /// <summary>A hash of it, as text.</summary>
    public string Hash => _hash ?? Unknown;

    /// <summary>How many bytes from the file's beginning on are known.</summary>
    public int Length => _length;

    /// <summary>Takes in what follows the bytes that are known.</summary>
    public void Add(ReadOnlySpan<byte> read)
    {
        if (_hash is not null)
            return;
        var room = Math.Min(read.Length, MostBytes - _length);
        read[..room].CopyTo(_bytes.AsSpan(_length));
        _length += room;
        var end = _bytes.AsSpan(0, _length).IndexOf((byte)'\n');
        if (end < 0 && _length < MostBytes)
            return;
        var hash = Basis;
        foreach (var one in _bytes.AsSpan(0, end < 0 ? _length : end))
            hash = (hash ^ one) * Prime;
        _hash = hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>It is another file now.</summary>
    public void Clear() => (_length, _hash) = (0, null);
}
