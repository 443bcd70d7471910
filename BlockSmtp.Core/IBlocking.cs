using System.Net;

namespace BlockSmtp;

/// <summary>
/// What one may ask of an engine about a host: a <see cref="DetectionEngine"/> is one. In a host it is a service that parts of the engine
/// may take, an observer that blocks a
/// whole network, say, for which the engine itself, being made of them, is not there yet.
/// </summary>
public interface IBlocking
{
    /// <summary>Whether a host is blocked at this moment, by itself or in a network.</summary>
    /// <param name="host">The host.</param>
    /// <returns>True while it is blocked.</returns>
    bool IsBlocked(IPAddress host);

    /// <inheritdoc cref="DetectionEngine.BlockAsync(IPNetwork, TimeSpan, string, CancellationToken)"/>
    Task<BlockOutcome> BlockAsync(IPNetwork network, TimeSpan time, string reason, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="DetectionEngine.BlockAtLeastAsync(IPNetwork, TimeSpan, string, CancellationToken)"/>
    Task<BlockOutcome> BlockAtLeastAsync(IPNetwork network, TimeSpan time, string reason, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="DetectionEngine.ReleaseAsync(IPNetwork, CancellationToken)"/>
    Task<bool> ReleaseAsync(IPNetwork network, CancellationToken cancellationToken = default);
}
