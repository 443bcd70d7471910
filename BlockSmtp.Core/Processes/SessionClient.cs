using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Processes;

/// <summary>
/// Has a <see cref="SessionServer"/> in another process look into the mail server's processes and end their sessions, so that this
/// one needs no right to do either.
/// </summary>
/// <remarks>
/// While the server is away nothing is thrown: no client is found, no session is ended, and a warning says so once. It is tried again once
/// a second at most. Safe for use by several threads.
/// </remarks>
public sealed class SessionClient : IPeerLookup, IProcessReaper, IDisposable
{
    // The engine waits for it; a look takes some ten microseconds.
    private static readonly TimeSpan PatienceForLook = TimeSpan.FromSeconds(0.5);

    // A session that takes SIGTERM and SIGKILL has one and a half.
    private static readonly TimeSpan PatienceForEnd = TimeSpan.FromSeconds(30);

    private readonly SessionCall _looks;
    private readonly SessionCall _ends;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly ILogger _logger;

    /// <summary>Creates a client.</summary>
    /// <param name="path">The server's socket; it need not be there yet.</param>
    /// <param name="timeProvider">The clock for trying again; null for the system's.</param>
    /// <param name="logger">Told of each session that ends, and when the server is away (events 1400 to 1499); null for none.</param>
    /// <exception cref="ArgumentException">The path is too long for a socket.</exception>
    public SessionClient(string path, TimeProvider? timeProvider = null, ILogger<SendmailReaper>? logger = null)
        : this(path, timeProvider, logger, PatienceForLook)
    {
    }

    internal SessionClient(string path, TimeProvider? timeProvider, ILogger<SendmailReaper>? logger, TimeSpan patienceForLook)
    {
        _logger = logger ?? NullLogger<SendmailReaper>.Instance;
        var time = timeProvider ?? TimeProvider.System;
        var presence = new SessionPresence(path, _logger);
        _looks = new SessionCall(path, patienceForLook, time, presence);
        _ends = new SessionCall(path, PatienceForEnd, time, presence);
    }

    /// <inheritdoc/>
    public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore)
    {
        Span<byte> request = stackalloc byte[SessionWire.RequestLength];
        SessionWire.WriteRequest(request, SessionWire.Find, processId, startedBefore?.UtcTicks ?? 0);
        if (!_looks.TryAsk(request, out var outcome, out var peer, out _))
            return PeerLookupResult.NotFound(PeerLookupOutcome.NotPermitted);
        return (PeerLookupOutcome)outcome == PeerLookupOutcome.Found
            ? peer is null ? PeerLookupResult.NotFound(PeerLookupOutcome.NotPermitted) : PeerLookupResult.Found(peer)
            : PeerLookupResult.NotFound((PeerLookupOutcome)outcome);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<EndedSession>> EndSessionsAsync(
        IReadOnlyCollection<IPNetwork> peers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peers);
        var ended = new List<EndedSession>();
        foreach (var some in peers.Chunk(SessionWire.MostNetworks))
        {
            var request = new byte[SessionWire.RequestLength + (some.Length * SessionWire.NetworkLength)];
            SessionWire.WriteRequest(request, SessionWire.EndOfPeers, some.Length, 0);
            for (var i = 0; i < some.Length; i++)
                SessionWire.WriteNetwork(request.AsSpan(SessionWire.RequestLength + (i * SessionWire.NetworkLength)), some[i]);
            ended.AddRange(await EndAsync(request, "its host is blocked", cancellationToken).ConfigureAwait(false));
        }

        return ended;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="idleFor"/> is not more than zero.</exception>
    public async ValueTask<IReadOnlyList<EndedSession>> EndStuckSessionsAsync(TimeSpan idleFor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(idleFor, TimeSpan.Zero);
        return await EndAsync(SessionWire.EndStuck, idleFor, "its client is silent", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="within"/> is not more than zero.</exception>
    public async ValueTask<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within, TimeSpan.Zero);
        return await EndAsync(SessionWire.EndStalled, within, "its client sends next to nothing", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _looks.Dispose();
        _ends.Dispose();
        _oneAtATime.Dispose();
    }

    private Task<IReadOnlyList<EndedSession>> EndAsync(byte what, TimeSpan time, string reason, CancellationToken cancellationToken)
    {
        var request = new byte[SessionWire.RequestLength];
        SessionWire.WriteRequest(request, what, 0, time.Ticks);
        return EndAsync(request, reason, cancellationToken);
    }

    private async Task<IReadOnlyList<EndedSession>> EndAsync(byte[] request, string reason, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var sessions = await Task.Run(
                () => _ends.TryAsk(request, out _, out _, out var ended) ? ended : [], cancellationToken).ConfigureAwait(false);
            foreach (var session in sessions)
                ReaperLog.Ended(_logger, session.ProcessId, session.Peer ?? IPAddress.None, reason, session.Means);
            return sessions;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
