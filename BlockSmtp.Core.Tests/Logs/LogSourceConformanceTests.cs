using System.Text;
using BlockSmtp.Logs;
using BlockSmtp.Testing;

namespace BlockSmtp.Tests.Logs;

/// <summary>A file that is followed does what every log source must, and goes on at a place.</summary>
public sealed class FileConformanceTests : ResumableLogSourceConformance
{
    private LogDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    protected override ILogSource Make() => new FileLogSource(new FileLogSourceOptions { Path = _directory.Log, FromStart = true });

    protected override Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        using var file = new FileStream(_directory.Log, FileMode.Append);
        file.Write(lines.Span);
        return Task.CompletedTask;
    }
}

/// <summary>A finished file does what every log source must, and ends.</summary>
public sealed class ReplayConformanceTests : LogSourceConformance
{
    private LogDirectory _directory = null!;

    protected override bool Ends => true;

    [SetUp]
    public void MakeDirectory() => _directory = new();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    protected override ILogSource Make() => new ReplayLogSource([_directory.Log]);

    protected override Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        using var file = new FileStream(_directory.Log, FileMode.Append);
        file.Write(lines.Span);
        return Task.CompletedTask;
    }
}

/// <summary>The journal, of real files, does what every log source must, and goes on at a place. Its lines are made of entries.</summary>
public sealed class JournalConformanceTests : ResumableLogSourceConformance
{
    private const string HeadEnd = " sm-mta[13974]: ";

    private JournalFolder _journal = null!;

    protected override bool KeepsControlCharacters => false;

    [SetUp]
    public void MakeJournal() => _journal = new();

    [TearDown]
    public void RemoveJournal() => _journal?.Dispose();

    protected override ILogSource Make() =>
        new JournalLogSource(new JournalLogSourceOptions { Directory = _journal.Directory, FromStart = true });

    protected override Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        foreach (var line in Encoding.Latin1.GetString(lines.Span).Split('\n')[..^1])
            _journal.Log(line);
        return Task.CompletedTask;
    }

    protected override string TextOf(string line) => line[(line.IndexOf(HeadEnd, StringComparison.Ordinal) + HeadEnd.Length)..];
}
