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
