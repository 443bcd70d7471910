using Microsoft.Data.Sqlite;

namespace BlockSmtp.Sqlite;

/// <summary>Says what a failure of SQLite means and how to mend it; the codes are those of sqlite.org/rescode.html.</summary>
internal static class SqliteFailure
{
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Disk = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int NoRoomForIndex = 4874; // SQLITE_IOERR_SHMSIZE

    /// <summary>Whether the file is no database any more, or one of somebody else's making.</summary>
    public static bool IsDamage(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: Corrupt or NotADatabase } or FormatException or InvalidCastException
            or System.Text.Json.JsonException or KeyNotFoundException;

    public static BlockStoreException Of(SqliteException failure, string path) =>
        new($"{path}: {failure.Message}: {Mend(failure, path)}", failure);

    private static string Mend(SqliteException failure, string path) => failure switch
    {
        { SqliteExtendedErrorCode: NoRoomForIndex } or { SqliteErrorCode: Full } =>
            $"the disk is full, make room on the disk that {Path.GetDirectoryName(path)} is on",
        { SqliteErrorCode: Permission or ReadOnly or CannotOpen } =>
            $"see that {Path.GetDirectoryName(path)} is there and that the user blocksmtp runs as may write it",
        { SqliteErrorCode: Busy or Locked } => "end the process that holds it locked (fuser shows it)",
        { SqliteErrorCode: Disk } => "see what the kernel says of the disk (dmesg)",
        _ => "look at it with sqlite3, or move it away and begin anew",
    };
}
