using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("fleet", HelpText = "Tell how the fleet is doing, with which the daemon shares what it blocks and sees: who is there, "
    + "when others were heard, what was refused.")]
[Example("blocksmtp fleet")]
internal sealed class FleetVerb : ControlVerb
{
    [Option("json", HelpText = "Write one JSON object.")]
    public bool Json { get; set; }
}
