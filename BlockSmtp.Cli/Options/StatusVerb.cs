using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb(
    "status",
    HelpText = "Tell how the daemon is doing: since when it runs, how far it has read, what it has counted, whether the firewall agrees.")]
[Example("blocksmtp status")]
internal sealed class StatusVerb : ControlVerb
{
    [Option("json", HelpText = "Write one JSON object.")]
    public bool Json { get; set; }
}
