using System.Runtime.InteropServices;

namespace BlockSmtp.Logs;

/// <summary>The functions of libsystemd that are used; sd-journal(3). All return a negative error number on failure.</summary>
/// <remarks>A handle may be used by one thread at a time, and is best left to the one that has opened it.</remarks>
internal static unsafe partial class JournalCalls
{
    public const string Library = "libsystemd.so.0";

    public const int LocalOnly = 1;  // SD_JOURNAL_LOCAL_ONLY: nothing that came from another machine
    public const int System = 4;     // SD_JOURNAL_SYSTEM: no journals of single users

    [LibraryImport(Library, EntryPoint = "sd_journal_open")]
    public static partial int Open(out nint journal, int flags);

    [LibraryImport(Library, EntryPoint = "sd_journal_open_directory", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenDirectory(out nint journal, string path, int flags);

    [LibraryImport(Library, EntryPoint = "sd_journal_close")]
    public static partial void Close(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_has_runtime_files")]
    public static partial int HasRuntimeFiles(JournalHandle journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_has_persistent_files")]
    public static partial int HasPersistentFiles(JournalHandle journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_add_match")]
    public static partial int AddMatch(JournalHandle journal, byte* match, nuint length);

    [LibraryImport(Library, EntryPoint = "sd_journal_add_disjunction")]
    public static partial int AddDisjunction(JournalHandle journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_set_data_threshold")]
    public static partial int SetDataThreshold(JournalHandle journal, nuint length);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_head")]
    public static partial int SeekHead(JournalHandle journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_tail")]
    public static partial int SeekTail(JournalHandle journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_realtime_usec")]
    public static partial int SeekRealtime(JournalHandle journal, ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_cursor", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SeekCursor(JournalHandle journal, string cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_test_cursor", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int TestCursor(JournalHandle journal, string cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_next")]
    public static partial int Next(JournalHandle journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_previous")]
    public static partial int Previous(JournalHandle journal);

    // The caller is to free the string.
    [LibraryImport(Library, EntryPoint = "sd_journal_get_cursor")]
    public static partial int GetCursor(JournalHandle journal, out nint cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_realtime_usec")]
    public static partial int GetRealtime(JournalHandle journal, out ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_data")]
    public static partial int GetData(JournalHandle journal, byte* field, out byte* data, out nuint length);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_fd")]
    public static partial int GetDescriptor(JournalHandle journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_events")]
    public static partial int GetEvents(JournalHandle journal);

    // In microseconds of CLOCK_MONOTONIC; the largest number for never.
    [LibraryImport(Library, EntryPoint = "sd_journal_get_timeout")]
    public static partial int GetTimeout(JournalHandle journal, out ulong deadline);

    [LibraryImport(Library, EntryPoint = "sd_journal_process")]
    public static partial int Process(JournalHandle journal);
}
