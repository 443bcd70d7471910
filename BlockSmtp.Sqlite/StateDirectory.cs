using System.Globalization;

namespace BlockSmtp.Sqlite;

/// <summary>The directory with the database, its lock, and the damaged databases that were kept aside.</summary>
internal sealed class StateDirectory(string path) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int WouldBlock = 11; // EWOULDBLOCK of flock(2)

    private FileStream? _lock;

    /// <summary>The database.</summary>
    public string Database { get; } = System.IO.Path.Combine(path, "state.db");

    public string Path { get; } = path;

    /// <summary>Makes what is missing, and keeps a second engine away.</summary>
    /// <exception cref="BlockStoreException">It cannot be made or written, or another engine has it.</exception>
    public void Take()
    {
        try
        {
            if (!Directory.Exists(Path))
                Directory.CreateDirectory(Path, OwnerOnly | UnixFileMode.UserExecute);
            if (_lock is not null && !File.Exists(_lock.Name))
                Dispose(); // somebody has cleared the directory away
            _lock ??= Open("lock", FileShare.None);
            // SQLite gives the files beside it the same permissions.
            Open("state.db", FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) == WouldBlock)
        {
            throw new BlockStoreException(
                $"another blocksmtp keeps its state in {Path}: stop it, or name another directory", e)
            {
                IsInUse = true,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlockStoreException(
                $"{e.Message.TrimEnd('.')}: see that {Path} is a directory that the user blocksmtp runs as may write, "
                    + "on a disk that has room and is not read-only",
                e);
        }
    }

    /// <summary>Renames a damaged database, with what belongs to it.</summary>
    /// <returns>What it is called now.</returns>
    public string KeepAside(DateTimeOffset now)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{Database}.corrupt-{now.UtcDateTime:yyyyMMddTHHmmss}");
        for (var number = 2; File.Exists(aside); number++)
            aside = string.Create(CultureInfo.InvariantCulture, $"{Database}.corrupt-{now.UtcDateTime:yyyyMMddTHHmmss}-{number}");
        foreach (var end in new[] { "-wal", "-shm", "" })
        {
            if (File.Exists(Database + end))
                File.Move(Database + end, aside + end);
        }

        return aside;
    }

    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private FileStream Open(string name, FileShare share) => new(System.IO.Path.Combine(Path, name), new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = share,
        UnixCreateMode = OwnerOnly,
        BufferSize = 0,
    });
}
