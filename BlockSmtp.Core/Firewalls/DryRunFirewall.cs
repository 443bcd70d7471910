using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Firewalls;

/// <summary>Blocks nobody: remembers what it was asked to do, and says it in the log.</summary>
public sealed partial class DryRunFirewall : IFirewall
{
    private readonly HashSet<IPNetwork> _blocked = [];
    private readonly ILogger _logger;

    /// <summary>Makes the firewall.</summary>
    /// <param name="logger">Where it says what it would do; null for nowhere.</param>
    public DryRunFirewall(ILogger<DryRunFirewall>? logger = null) => _logger = logger ?? (ILogger)NullLogger.Instance;

    /// <inheritdoc/>
    public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken)
    {
        _blocked.Clear();
        foreach (var block in blocks)
            _blocked.Add(block.Network);
        LogStart(_blocked.Count);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            if (change.BlockUntil is { } until)
            {
                _blocked.Add(change.Network);
                LogBlock(change.Network, until);
            }
            else if (_blocked.Remove(change.Network))
                LogRelease(change.Network);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyCollection<IPNetwork>>([.. _blocked]);

    /// <inheritdoc/>
    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        LogStop(_blocked.Count);
        _blocked.Clear();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(1350, LogLevel.Information, "Dry run: would start with {Networks} networks blocked")]
    private partial void LogStart(int networks);

    [LoggerMessage(1351, LogLevel.Information, "Dry run: would block {Network} until {Until:u}")]
    private partial void LogBlock(IPNetwork network, DateTimeOffset until);

    [LoggerMessage(1352, LogLevel.Information, "Dry run: would release {Network}")]
    private partial void LogRelease(IPNetwork network);

    [LoggerMessage(1353, LogLevel.Information, "Dry run: would release {Networks} networks and stop")]
    private partial void LogStop(int networks);
}
