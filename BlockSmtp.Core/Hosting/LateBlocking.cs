using System.Net;

namespace BlockSmtp.Hosting;

/// <summary>The engine of a host, for its own parts: they are made before it, and ask it later.</summary>
internal sealed class LateBlocking : IBlocking
{
    private volatile DetectionEngine? _engine;

    /// <summary>Set once it is made.</summary>
    public DetectionEngine Engine
    {
        get => _engine ?? throw new InvalidOperationException(
            "The engine is not made yet: ask it when it tells of something, and not in the constructor of one of its parts.");
        set => _engine = value;
    }

    public bool IsBlocked(IPAddress host) => Engine.IsBlocked(host);

    public Task<BlockOutcome> BlockAsync(IPNetwork network, TimeSpan time, string reason, CancellationToken cancellationToken) =>
        Engine.BlockAsync(network, time, reason, cancellationToken);

    public Task<BlockOutcome> BlockAtLeastAsync(IPNetwork network, TimeSpan time, string reason, CancellationToken cancellationToken) =>
        Engine.BlockAtLeastAsync(network, time, reason, cancellationToken);

    public Task<bool> ReleaseAsync(IPNetwork network, CancellationToken cancellationToken) =>
        Engine.ReleaseAsync(network, cancellationToken);
}
