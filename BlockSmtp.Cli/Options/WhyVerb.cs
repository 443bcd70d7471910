using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("why", HelpText = "Tell why an address is blocked or is not: what it did and when, which names it tried, how it was found, and whether the white-list trusts it.")]
[Example("blocksmtp why 203.0.113.20")]
internal sealed class WhyVerb : StoredVerb
{
    [Option("white-list", MetaValue = "FILE", HelpText = "Where no daemon runs: the white-list to look into. Default: that of the configuration, if it names one.")]
    public string? WhiteList { get; set; }

    [Value(0, MetaName = "ADDRESS", HelpText = "An IPv4 or IPv6 address.")]
    public IEnumerable<string> Addresses { get; set; } = [];
}
