namespace BlockSmtp.Cli.Options;

/// <summary>A command that asks the running daemon, or reads what a stopped one has left.</summary>
internal abstract class StoredVerb : ControlVerb;
