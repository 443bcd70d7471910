namespace BlockSmtp.Simulation;

/// <summary>Something happened that must never happen.</summary>
internal sealed class Violation(string message) : Exception(message);
