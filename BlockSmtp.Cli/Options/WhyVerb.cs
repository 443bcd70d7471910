using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("why", HelpText = "Tell why an address is blocked or is not: what it did and when, which names it tried, how it was found, "
    + "and whether the white-list trusts it.")]
[Example("blocksmtp why 203.0.113.20")]
[Example("blocksmtp why 203.0.113.0/24", "and who in it is blocked")]
internal sealed class WhyVerb : StoredVerb
{
    [Option(
        "white-list",
        MetaValue = "FILE",
        HelpText = "Where no daemon runs: the white-list to look into. Default: that of the configuration, if it names one.")]
    public string? WhiteList { get; set; }

    [Option(
        "white-list-names",
        MetaValue = "FILE",
        HelpText = "Where no daemon runs: the names to look into. Default: those of the configuration, if it names them.")]
    public string? WhiteListNames { get; set; }

    [Option(
        "names-cache",
        MetaValue = "FILE",
        HelpText = "Where the addresses of these names are kept. Default /var/cache/blocksmtp/white-list-names.")]
    public string? NamesCache { get; set; }

    [Option("json", HelpText = "Write one JSON object.")]
    public bool Json { get; set; }

    [Value(0, MetaName = "ADDRESS", HelpText = "An IPv4 or IPv6 address, a network such as 203.0.113.0/24, or the name of a host.")]
    public IEnumerable<string> Addresses { get; set; } = [];
}
