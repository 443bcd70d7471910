namespace BlockSmtp.Control;

/// <summary>What does not change about a daemon while it runs.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Log">Where the lines come from: a file, or the journal.</param>
/// <param name="Firewall">What drops the packets.</param>
public sealed record DaemonDescription(string Version, int ProcessId, string Log, string Firewall);
