using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Holds another firewall back until a time: first nobody is blocked and only the log says who would be; then the other takes over
/// with all blocks that are in force.
/// </summary>
/// <remarks>
/// The time is looked at whenever the engine calls, which it does at each change and each comparison of the rules
/// (<see cref="DetectionEngineOptions.CompareInterval"/>).
/// </remarks>
public sealed partial class TrialFirewall : IFirewall
{
    private readonly IFirewall _firewall;
    private readonly Func<string>? _summary;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<IPNetwork, DateTimeOffset> _blocked = [];
    private bool _isOver;

    /// <summary>Makes the firewall.</summary>
    /// <param name="firewall">The one that is held back; it is not touched before the end.</param>
    /// <param name="end">When the trial is over. UTC.</param>
    /// <param name="summary">Says at the end in words what would have come of it; null for nothing.</param>
    /// <param name="timeProvider">The clock; null for the machine's.</param>
    /// <param name="logger">Where it says what it would do; null for nowhere.</param>
    public TrialFirewall(
        IFirewall firewall,
        DateTimeOffset end,
        Func<string>? summary = null,
        TimeProvider? timeProvider = null,
        ILogger<TrialFirewall>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(firewall);
        _firewall = firewall;
        _summary = summary;
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? (ILogger)NullLogger.Instance;
        End = end;
    }

    /// <summary>When the trial is over. UTC.</summary>
    public DateTimeOffset End { get; }

    /// <inheritdoc/>
    public async ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        _blocked.Clear();
        foreach (var block in blocks)
            _blocked[block.Network] = block.Until;
        _isOver = _time.GetUtcNow() >= End;
        if (_isOver)
            await _firewall.StartAsync(blocks, cancellationToken).ConfigureAwait(false);
        else
            LogStart(End);
    }

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (await IsOverAsync(cancellationToken).ConfigureAwait(false))
        {
            await _firewall.ApplyAsync(changes, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var change in changes)
        {
            if (change.BlockUntil is { } until)
            {
                _blocked[change.Network] = until;
                LogBlock(change.Network, until);
            }
            else
            {
                _blocked.Remove(change.Network);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken) =>
        await IsOverAsync(cancellationToken).ConfigureAwait(false)
            ? await _firewall.ListAsync(cancellationToken).ConfigureAwait(false)
            : [.. _blocked.Keys];

    /// <inheritdoc/>
    public ValueTask StopAsync(CancellationToken cancellationToken) =>
        _isOver ? _firewall.StopAsync(cancellationToken) : ValueTask.CompletedTask;

    private async ValueTask<bool> IsOverAsync(CancellationToken cancellationToken)
    {
        if (_isOver || _time.GetUtcNow() < End)
            return _isOver;
        var now = _time.GetUtcNow();
        // The last ones of them only: from here on the engine compares.
        await _firewall.StartAsync(
            [.. _blocked.Where(block => block.Value > now).Select(block =>
                new Block(block.Key, now, block.Value, 0, "found during the trial"))],
            cancellationToken).ConfigureAwait(false);
        _isOver = true;
        _blocked.Clear();
        LogEnd(_summary?.Invoke() ?? "");
        return true;
    }

    [LoggerMessage(1354, LogLevel.Warning, "trial: nobody is blocked before {End:yyyy-MM-ddTHH:mm:ssZ}")]
    private partial void LogStart(DateTimeOffset end);

    [LoggerMessage(1355, LogLevel.Information, "trial: would drop the packets of {Network} until {Until:yyyy-MM-ddTHH:mm:ssZ}")]
    private partial void LogBlock(IPNetwork network, DateTimeOffset until);

    [LoggerMessage(1356, LogLevel.Warning, "the trial is over, from now on hosts are blocked. {Summary}")]
    private partial void LogEnd(string summary);
}
