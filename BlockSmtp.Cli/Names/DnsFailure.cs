namespace BlockSmtp.Cli.Names;

/// <summary>A name was not resolved; the message says why, and what was known of it stays.</summary>
internal sealed class DnsFailure(string message) : Exception(message);
