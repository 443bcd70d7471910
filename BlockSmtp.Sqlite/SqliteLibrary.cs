using System.Runtime.InteropServices;
using SQLitePCL;

namespace BlockSmtp.Sqlite;

/// <summary>The system's own libsqlite3.</summary>
internal static class SqliteLibrary
{
    private const string File = "libsqlite3.so.0";

    private static readonly Lock Turn = new();
    private static bool _isLoaded;

    /// <summary>Loads it, once for the process.</summary>
    /// <exception cref="BlockStoreException">It is not installed.</exception>
    public static void Load()
    {
        lock (Turn)
        {
            if (_isLoaded)
                return;
            if (!NativeLibrary.TryLoad(File, out var library))
                throw new BlockStoreException($"{File} is not installed: install the package libsqlite3-0 (sqlite-libs on Red Hat)");
            // The provider asks for "sqlite3", which is libsqlite3.so: a link that comes with the package for developers.
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_sqlite3).Assembly, (name, _, _) => name == "sqlite3" ? library : 0);
            raw.SetProvider(new SQLite3Provider_sqlite3());
            _isLoaded = true;
        }
    }
}
