using BlockSmtp.Cli.Daemon;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Metrics;

/// <summary>Hands the figures of the daemon to whoever was named: Prometheus, node_exporter, both or nobody.</summary>
internal static class MetricsOutput
{
    /// <param name="settings">Where to.</param>
    /// <param name="parts">Puts it away.</param>
    /// <param name="logger">Our own log.</param>
    public static void Start(DaemonSettings settings, PutAwayList parts, ILogger logger)
    {
        if (settings.Metrics is null && settings.MetricsTextFile is null)
            return;
        var reader = parts.Keep(new MeterReader());
        if (settings.Metrics is { } address)
            parts.Keep(MetricsServer.Start(address, () => reader.Read(withProcess: true)));
        if (settings.MetricsTextFile is { } file)
            parts.Keep(MetricsTextFile.Start(file, () => reader.Read(withProcess: false), logger));
    }
}
