using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("block", HelpText = "Block an address or a network by hand. What the white-list trusts, and the mail server itself, is never blocked.")]
[Example("blocksmtp block 203.0.113.20", "for the daemon's own block time")]
[Example("blocksmtp block 2001:db8:bad::/48 --for=2d --reason='ticket 4711'")]
internal sealed class BlockVerb : ControlVerb
{
    [Option("for", MetaValue = "TIME", HelpText = "How long. Default: as long as the daemon blocks.")]
    public string? For { get; set; }

    [Option("reason", MetaValue = "TEXT", HelpText = "Why, for whoever asks later. Default: that it was done by hand, and by which user.")]
    public string? Reason { get; set; }

    [Value(0, MetaName = "NETWORK...", HelpText = "An address, or a network such as 203.0.113.0/24; may be several.")]
    public IEnumerable<string> Networks { get; set; } = [];
}
