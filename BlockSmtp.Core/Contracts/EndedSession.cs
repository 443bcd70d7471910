using System.Net;

namespace BlockSmtp;

/// <summary>A session of the mail server that an <see cref="IProcessReaper"/> has ended.</summary>
/// <param name="ProcessId">The process that served it.</param>
/// <param name="Peer">The client; null when it could not be found out.</param>
/// <param name="Means">What it took.</param>
public sealed record EndedSession(int ProcessId, IPAddress? Peer, SessionEnd Means);
