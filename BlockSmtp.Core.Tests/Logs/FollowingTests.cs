using BlockSmtp.Logs;

namespace BlockSmtp.Tests.Logs;

/// <summary>What tests of a followed log share: a directory, a logger, and a reader on a thread of its own.</summary>
public abstract class FollowingTests
{
    private SourceReader? _reader;

    internal LogDirectory Logs { get; private set; } = null!;

    internal RecordedEvents Events { get; private set; } = null!;

    [SetUp]
    public void MakeDirectory() => (Logs, Events, _reader) = (new(), new(), null);

    [TearDown]
    public void RemoveDirectory()
    {
        _reader?.Dispose();
        Logs.Dispose();
    }

    internal FileLogSource Source(bool fromStart = false, TimeSpan? poll = null, string? path = null) =>
        new(new FileLogSourceOptions
        {
            Path = path ?? Logs.Log,
            FromStart = fromStart,
            PollInterval = poll ?? TimeSpan.FromSeconds(1),
        }, Events);

    internal SourceReader Follow(bool fromStart = false, TimeSpan? poll = null, string? path = null) =>
        _reader = new(Source(fromStart, poll, path));

    /// <summary>Follows, and returns when following has begun.</summary>
    internal async Task<SourceReader> FollowAsync(bool create = false, bool fromStart = false, TimeSpan? poll = null)
    {
        if (create)
            Logs.Append("");
        Follow(fromStart, poll);
        await Events.NextAsync(1101);
        return _reader!;
    }

    internal async Task ExpectAsync(params string[] lines) =>
        (await _reader!.NextLinesAsync(lines.Length)).Should().Equal(lines);
}
