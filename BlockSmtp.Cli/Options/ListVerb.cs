using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("list", HelpText = "List who is blocked, until when and why, in the order of the addresses.")]
[Example("blocksmtp list")]
[Example("blocksmtp list --json | jq -r .address", "only the addresses")]
internal sealed class ListVerb : StoredVerb
{
    [Option("json", HelpText = "Write one JSON object a line.")]
    public bool Json { get; set; }
}
