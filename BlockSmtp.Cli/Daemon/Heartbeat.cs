namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Tells the service manager when the engine is at work, and then again and again that it still is. The engine proves it: no sign
/// of life is sent that has not gone through its decisions and its firewall work.
/// </summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop;
    private readonly Task _beating;
    private readonly CancellationTokenRegistration _stopping;

    public Heartbeat(DetectionEngine engine, ServiceNotice notice, CancellationToken stop)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _stopping = stop.UnsafeRegister(static notice => ((ServiceNotice)notice!).Stopping(), notice);
        _beating = notice.IsWanted ? BeatAsync(engine, notice, _stop.Token) : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        await _stop.CancelAsync();
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task BeatAsync(DetectionEngine engine, ServiceNotice notice, CancellationToken stop)
    {
        // sd_watchdog_enabled(3): twice as often as would do. A third leaves room for a slow firewall.
        var interval = notice.WatchdogInterval / 3 is { } third && third < StatusInterval ? third : StatusInterval;
        await engine.HeartbeatAsync(stop);
        notice.Ready();
        FailedStarts.Forget();
        while (true)
        {
            notice.Alive();
            notice.Status(StatusOf(engine));
            await Task.Delay(interval, stop);
            await engine.HeartbeatAsync(stop);
        }
    }

    private static string StatusOf(DetectionEngine engine)
    {
        var (status, counters) = (engine.Status, engine.Counters);
        return FormattableString.Invariant(
            $"{status.Blocks} blocked now, {counters.Blocks} since the start; {counters.Offenses} wrong guesses in {counters.Lines} lines");
    }
}
