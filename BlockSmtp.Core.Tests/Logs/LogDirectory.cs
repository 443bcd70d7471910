using System.IO.Compression;
using System.Text;

namespace BlockSmtp.Tests.Logs;

/// <summary>A directory of a test's own for logs, with what syslogd and logrotate do to them.</summary>
internal sealed class LogDirectory : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("blocksmtp-logs-");
    private readonly DirectoryInfo _directory;

    // Not in the root: the directory above a log is watched too, and who knows what others do in the one for temporary files.
    public LogDirectory() => _directory = _root.CreateSubdirectory("log");

    public string Log => At("mail.log");

    public string At(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>Writes as syslogd does: one append to what the name leads to now.</summary>
    public void Append(string text) => File.AppendAllText(Log, text);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public string WriteCompressed(string name, params string[] members)
    {
        using var file = File.Create(At(name));
        foreach (string member in members)
        {
            using var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(member));
        }
        return At(name);
    }

    /// <summary>A syslogd that has the log open, and goes on writing to that file whatever becomes of its name.</summary>
    public StreamWriter OpenWriter() =>
        new(new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };

    public void Rename(string to = "mail.log.1") => File.Move(Log, At(to), overwrite: true);

    public void Truncate()
    {
        using var file = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
