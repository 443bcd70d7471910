namespace BlockSmtp.Firewalls;

/// <summary>What came of a tool that ran to its end.</summary>
/// <param name="ExitCode">Its exit code, 128 and up for a signal.</param>
/// <param name="Output">What it printed, one character for a byte.</param>
/// <param name="Errors">The beginning of what it printed to standard error, trimmed.</param>
internal readonly record struct ToolResult(int ExitCode, string Output, string Errors);
