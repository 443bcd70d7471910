using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Logs;

/// <summary>
/// A folder of real journal files that a test writes: systemd-journal-remote(8) takes entries with the fields that otherwise only
/// the kernel vouches for. Disposing ends the writers and removes the folder.
/// </summary>
internal sealed class JournalFolder : IDisposable
{
    private const string Writer = "/lib/systemd/systemd-journal-remote";

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _writers = [];
    private long _time = 1_795_000_000_000_000;

    public JournalFolder()
    {
        Requires.Need(File.Exists(Writer), "systemd-journal-remote is not installed (eng/test installs it)");
        System.IO.Directory.CreateDirectory(Directory);
        Rotate();
    }

    public string Directory => _folder["journal"];

    /// <summary>From now on entries go into a new file, as after a rotation.</summary>
    public void Rotate()
    {
        var writer = Process.Start(new ProcessStartInfo(Writer, ["--output", NameOf(_writers.Count), "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        writer.ErrorDataReceived += static (_, _) => { };
        writer.BeginErrorReadLine();
        _writers.Add(writer);
    }

    /// <summary>Ends the current file, so that everything written is in it.</summary>
    public void Close()
    {
        var writer = _writers[^1];
        writer.StandardInput.Close();
        writer.WaitForExit(TimeSpan.FromSeconds(30)).Should().BeTrue("the writer of the journal ends with its input");
        writer.ExitCode.Should().Be(0);
    }

    /// <summary>Removes a file, as vacuuming does.</summary>
    public void Vacuum(int file) => File.Delete(NameOf(file));

    /// <summary>An entry as journald makes it of what sendmail's daemon logs, a second after the last.</summary>
    public void Log(string message, int pid = 13974, params string[] others) =>
        Write(message, ["SYSLOG_IDENTIFIER=sm-mta", $"_PID={pid}", "_UID=0", "_HOSTNAME=mail1", .. others]);

    /// <summary>An entry with just these fields. A field that is named twice has two values.</summary>
    public void Write(string message, params string[] fields)
    {
        _time += 1_000_000;
        var time = _time.ToString(CultureInfo.InvariantCulture);
        using var entry = new MemoryStream();
        foreach (var field in (string[])[
            $"__REALTIME_TIMESTAMP={time}", $"__MONOTONIC_TIMESTAMP={time}", "_BOOT_ID=0123456789abcdef0123456789abcdef", .. fields])
            entry.Write(Encoding.UTF8.GetBytes(field + "\n"));
        // The form for values that may hold anything: systemd.io, "Journal Export Format".
        var bytes = Encoding.Latin1.GetBytes(message);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        entry.Write("MESSAGE\n"u8);
        entry.Write(length);
        entry.Write(bytes);
        entry.Write("\n\n"u8);
        var input = _writers[^1].StandardInput.BaseStream;
        input.Write(entry.ToArray());
        input.Flush();
    }

    public void Dispose()
    {
        foreach (var writer in _writers)
        {
            if (!writer.HasExited)
                writer.Kill();
            writer.WaitForExit();
            writer.Dispose();
        }

        _folder.Dispose();
    }

    private string NameOf(int file) => Path.Combine(Directory, $"mail{file}.journal");
}
