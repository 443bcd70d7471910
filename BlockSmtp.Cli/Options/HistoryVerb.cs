using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("history", HelpText = "List the blocks that there were and are, the latest first.")]
[Example("blocksmtp history --since=2d")]
[Example("blocksmtp history --address=203.0.113.20 --json")]
internal sealed class HistoryVerb : StoredVerb
{
    [Option("since", MetaValue = "TIME", HelpText = "Only blocks made within the last TIME. Default: all that are kept.")]
    public string? Since { get; set; }

    [Option("address", MetaValue = "IP", HelpText = "Only blocks of this address, and of networks that it is in.")]
    public string? Address { get; set; }

    [Option("limit", MetaValue = "N", HelpText = "The most blocks to list. Default 1000.")]
    public string? Limit { get; set; }

    [Option("json", HelpText = "Write one JSON object a line.")]
    public bool Json { get; set; }
}
