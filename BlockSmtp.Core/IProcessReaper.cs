using System.Net;

namespace BlockSmtp;

/// <summary>Ends sessions of the mail server: those of a host that was just blocked, and those that are stuck or stall.</summary>
public interface IProcessReaper
{
    /// <summary>Ends every session that the mail server has with a host. Called when the host's packets are already dropped.</summary>
    /// <param name="peers">The hosts or networks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sessions that were ended.</returns>
    ValueTask<IReadOnlyList<EndedSession>> EndSessionsAsync(IReadOnlyCollection<IPNetwork> peers, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the sessions that wait for a command of a client that has been silent for longer than <paramref name="idleFor"/>.
    /// </summary>
    /// <param name="idleFor">How long a client may be silent; more than zero.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sessions that were ended.</returns>
    ValueTask<IReadOnlyList<EndedSession>> EndStuckSessionsAsync(TimeSpan idleFor, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the sessions that wait for a client who sends next to nothing, whatever they wait for: a command, a message, a TLS handshake.
    /// Called several times within that time, and only where it is asked for (<see cref="DetectionEngineOptions.MaxStall"/>). By default
    /// none: for a reaper that cannot tell them from those of a server that is slow.
    /// </summary>
    /// <param name="within">In which time a client has to send something worth the wait; more than zero.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sessions that were ended.</returns>
    ValueTask<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(TimeSpan within, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<EndedSession>>([]);
}
