namespace BlockSmtp.Cli.Daemon;

/// <summary>Does something again and again until it is put away, the first time after an interval.</summary>
internal sealed class Recurring : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Recurring(TimeSpan interval, Action what) => _running = RunAsync(interval, what, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task RunAsync(TimeSpan interval, Action what, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(interval, stop);
            what();
        }
    }
}
