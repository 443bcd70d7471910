using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Options;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Looks now and then whether <c>blocksmtp resolve</c> has found other addresses for the names of the white-list. The daemon itself asks
/// nobody: an answer that is late or forged must not hold up a decision, and its sandbox reaches no name server.
/// </summary>
internal sealed class NamesWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Reload _reload;
    private readonly Recurring _watching;
    private DateTime _seen;

    private NamesWatch(Reload reload)
    {
        _reload = reload;
        _seen = Stamp();
        _watching = new Recurring(Interval, Look);
    }

    public static NamesWatch Start(DaemonSettings settings, Reload reload, ILogger logger)
    {
        var names = TrustedByName.Load(settings.Verb.WhiteListNames, settings.NamesCache);
        if (names.Missing.Count > 0)
            logger.NamesMissing(names.Missing.Count, names.Names);
        return new NamesWatch(reload);
    }

    public ValueTask DisposeAsync() => _watching.DisposeAsync();

    private void Look()
    {
        var now = Stamp();
        if (now == _seen)
            return;
        _seen = now;
        if (_reload.Current.Verb.WhiteListNames is not null)
            _reload.TakeNames();
    }

    private DateTime Stamp() => File.GetLastWriteTimeUtc(_reload.Current.NamesCache);
}
