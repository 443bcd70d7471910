namespace BlockSmtp.Processes;

/// <summary>How far a client is, as the kernel tells of its connection (TCP_INFO, tcp(7)).</summary>
/// <param name="Received">What it has sent so far, in bytes.</param>
/// <param name="AnsweredAgo">For how long the server has said nothing.</param>
internal readonly record struct SocketProgress(ulong Received, TimeSpan AnsweredAgo);
