using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;

namespace BlockSmtp.Logs;

/// <summary>An open journal, narrowed to some entries. Errors come as exceptions in words.</summary>
internal sealed unsafe class JournalHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private JournalHandle(nint journal)
        : base(ownsHandle: true) => SetHandle(journal);

    /// <summary>Opens the machine's journal, or the one in a directory.</summary>
    /// <exception cref="DllNotFoundException">libsystemd is not installed.</exception>
    /// <exception cref="FileNotFoundException">There is no journal.</exception>
    /// <exception cref="UnauthorizedAccessException">There is one, but it may not be read.</exception>
    /// <exception cref="IOException">It cannot be read for another reason.</exception>
    public static JournalHandle Open(string? directory)
    {
        if (!NativeLibrary.TryLoad(JournalCalls.Library, typeof(JournalHandle).Assembly, null, out _))
            throw new DllNotFoundException($"the journal cannot be read, {JournalCalls.Library} is not installed: "
                + "install the package libsystemd0 (systemd-libs on Red Hat), or read a log file");
        var error = directory is null
            ? JournalCalls.Open(out var journal, JournalCalls.LocalOnly | JournalCalls.System)
            : JournalCalls.OpenDirectory(out journal, directory, 0);
        if (-error is (int)Errno.EACCES or (int)Errno.EPERM)
            throw new UnauthorizedAccessException("the journal may not be read: run as root, or as a user in the group systemd-journal");
        if (-error is (int)Errno.ENOENT)
            throw Missing();
        Check(error, "opened");
        var handle = new JournalHandle(journal);
        if (directory is null && JournalCalls.HasRuntimeFiles(handle) <= 0 && JournalCalls.HasPersistentFiles(handle) <= 0)
        {
            handle.Dispose();
            throw Missing();
        }

        return handle;
    }

    /// <summary>Takes the result of a call that should not fail.</summary>
    /// <exception cref="IOException">It has.</exception>
    public static int Check(int result, string what) => result >= 0
        ? result
        : throw new IOException(
            $"the journal cannot be {what}: {Marshal.GetPInvokeErrorMessage(-result)}: check it with journalctl --verify", -result);

    /// <summary>Lets only entries through that have a field with this value, or another one that was named for the same field.</summary>
    public void AddMatch(string field, string value)
    {
        var match = Encoding.UTF8.GetBytes($"{field}={value}");
        fixed (byte* bytes = match)
            Check(JournalCalls.AddMatch(this, bytes, (nuint)match.Length), "narrowed");
    }

    /// <summary>The value of a field of the current entry; empty when the entry has none. Valid until the next call.</summary>
    /// <param name="field">The field's name as UTF-8, with a NUL behind it as literals have.</param>
    public ReadOnlySpan<byte> Field(ReadOnlySpan<byte> field)
    {
        fixed (byte* name = field)
        {
            if (JournalCalls.GetData(this, name, out var data, out var length) < 0)
                return default;
            // "FIELD=value"
            var skip = (nuint)field.Length + 1;
            return length <= skip ? default : new ReadOnlySpan<byte>(data + skip, (int)Math.Min(length - skip, int.MaxValue));
        }
    }

    /// <summary>The token of the current entry; null where there is no such entry.</summary>
    public string? Cursor()
    {
        if (JournalCalls.GetCursor(this, out var text) < 0)
            return null;
        var cursor = Marshal.PtrToStringUTF8(text);
        NativeMemory.Free((void*)text);
        return cursor;
    }

    protected override bool ReleaseHandle()
    {
        JournalCalls.Close(handle);
        return true;
    }

    private static FileNotFoundException Missing() =>
        new("there is no journal that can be read: start systemd-journald, run as root or in the group "
            + "systemd-journal, or read a log file");
}
