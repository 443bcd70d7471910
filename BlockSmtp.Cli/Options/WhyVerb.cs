using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("why", HelpText = "Tell why an address is blocked or is not: what it did and when, which names it tried, how it was found, and whether the white-list trusts it.")]
[Example("blocksmtp why 203.0.113.20")]
[Example("blocksmtp why 203.0.113.0/24", "and who in it is blocked")]
internal sealed class WhyVerb : StoredVerb
{
    [Option("white-list", MetaValue = "FILE", HelpText = "Where no daemon runs: the white-list to look into. Default: that of the configuration, if it names one.")]
    public string? WhiteList { get; set; }

    [Option("json", HelpText = "Write one JSON object.")]
    public bool Json { get; set; }

    [Value(0, MetaName = "ADDRESS", HelpText = "An IPv4 or IPv6 address, or a network such as 203.0.113.0/24.")]
    public IEnumerable<string> Addresses { get; set; } = [];
}
