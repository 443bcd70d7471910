using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>A command that asks the running daemon, or reads what a stopped one has left.</summary>
internal abstract class StoredVerb : ControlVerb
{
    [Option(
        "state-dir", MetaValue = "DIR", HelpText = "Where the state of a daemon that does not run is read. Default /var/lib/blocksmtp.")]
    public string? StateDir { get; set; }
}
