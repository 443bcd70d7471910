namespace BlockSmtp;

/// <summary>
/// Finds the client of a live mail server process. sendmail logs a wrong guess without the client's address
/// (docs/sendmail.md), so the engine asks the process's own connection.
/// </summary>
public interface IPeerLookup
{
    /// <summary>Finds the client of a process, at once and without waiting.</summary>
    /// <param name="processId">The process that has logged a line.</param>
    /// <param name="startedBefore">
    /// The process must have started before this time: a later one merely has the number of a process that is gone.
    /// Null when the line is so fresh that this cannot be.
    /// </param>
    /// <returns>The address, or why there is none.</returns>
    PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore);
}
