using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Options;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Looks now and then whether <c>blocksmtp resolve</c> has found other addresses for the names of the white-list. The daemon itself asks nobody: an answer that is late or
/// forged must not hold up a decision, and its sandbox reaches no name server.
/// </summary>
internal sealed class NamesWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Reload _reload;
    private readonly Task _watching;

    private NamesWatch(Reload reload)
    {
        _reload = reload;
        _watching = WatchAsync(_stop.Token);
    }

    public static NamesWatch Start(DaemonSettings settings, Reload reload, ILogger logger)
    {
        var names = TrustedByName.Load(settings.Verb.WhiteListNames, settings.NamesCache);
        if (names.Missing.Count > 0)
            logger.NamesMissing(names.Missing.Count, names.Names);
        return new NamesWatch(reload);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        for (var seen = Stamp(); ;)
        {
            await Task.Delay(Interval, stop);
            var now = Stamp();
            if (now == seen)
                continue;
            seen = now;
            if (_reload.Current.Verb.WhiteListNames is not null)
                _reload.TakeNames();
        }
    }

    private DateTime Stamp() => File.GetLastWriteTimeUtc(_reload.Current.NamesCache);
}
