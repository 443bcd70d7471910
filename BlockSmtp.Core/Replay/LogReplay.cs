using System.Diagnostics;
using BlockSmtp.Judging;
using BlockSmtp.Reading;
using BlockSmtp.Replay;
using BlockSmtp.Syslog;
using BlockSmtp.Transactions;

namespace BlockSmtp;

/// <summary>
/// Reads a finished log and tells what a <see cref="DetectionEngine"/> would have decided: the same decisions, by the time
/// stamps of the log. Touches nothing and needs no rights but to read the log.
/// </summary>
public sealed class LogReplay
{
    private readonly ILogSource _source;
    private readonly IOffenderPolicy _policy;
    private readonly ReplayOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a replay.</summary>
    /// <param name="source">The log; it must end.</param>
    /// <param name="policy">Decides which offenses are too many.</param>
    /// <param name="options">Everything else; null for the defaults.</param>
    /// <param name="timeProvider">The clock that says which years are in the future; null for the machine's.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LogReplay(ILogSource source, IOffenderPolicy policy, ReplayOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(policy);
        _source = source;
        _policy = policy;
        _options = options ?? new ReplayOptions();
        _options.Validate();
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Reads the log from its beginning to its end.</summary>
    /// <param name="cancellationToken">Ends it early; what was read so far counts.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The log may not be read.</exception>
    public async Task<ReplaySummary> RunAsync(CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        var now = _time.GetUtcNow();
        var clock = new StampLineClock(
            new StampClock(_options.TimeZone, _options.FirstYear ?? TimeZoneInfo.ConvertTime(now, _options.TimeZone).Year));
        var held = _options.FirstYear is null ? new UndatedDecisions() : null;
        var tally = new ReplayTally(_options.Observer, held, _options.CountDeliveries);
        var traces = _options.KeepRecipients ? new HostTraces(null, TimeSpan.MaxValue) : null;
        var judgement = new Judgement(_policy, _options, tally, traces);
        var lines = LineReaders.LinesOf(_options);
        var joiner = new TransactionJoiner(
            _options, lines, clock, null, judgement, null, _policy.WantsAcceptances || _options.CountDeliveries);
        var reader = LineReaders.Of(_options, lines, joiner);
        await foreach (var chunk in _source.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            reader.Read(chunk);
            clock.RememberLastLine(chunk.Lines.Span);
        }

        if (clock.TryGetLastTime(out var last))
            judgement.Tick(last);
        joiner.End();
        tally.Release(held is not null && clock.HasGuessed ? YearsToGoBack(last, now) : 0);
        return new ReplaySummary
        {
            Counters = reader.AddTo(joiner.AddTo(new EngineCounters())),
            Hosts = tally.Hosts,
            Elapsed = Stopwatch.GetElapsedTime(start),
        };
    }

    /// <summary>How many years too late the last line is.</summary>
    private static int YearsToGoBack(DateTimeOffset last, DateTimeOffset now)
    {
        var years = Math.Max(0, last.Year - now.Year - 1);
        while (last.AddYears(-years) > now)
            years++;
        return years;
    }
}
