using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb(
    "block", HelpText = "Block an address or a network by hand. What the white-list trusts, and the mail server itself, is never blocked.")]
[Example("blocksmtp block 203.0.113.20", "for the daemon's own block time")]
[Example("blocksmtp block 2001:db8:bad::/48 --for=2d --reason='ticket 4711'")]
[Example("blocksmtp block 203.0.113.0/24 --for=forever", "until it is unblocked")]
internal sealed class BlockVerb : ControlVerb
{
    [Option("for", MetaValue = "TIME", HelpText = "How long, or 'forever'. Default: as long as the daemon blocks.")]
    public string? For { get; set; }

    [Option("reason", MetaValue = "TEXT",
        HelpText = "Why, for whoever asks later; by which user is added. Default: that it was done by hand.")]
    public string? Reason { get; set; }

    [Option("shorten", HelpText = "Also when it lasts longer already. Without it, such a block stays as it is.")]
    public bool Shorten { get; set; }

    [Value(0, MetaName = "NETWORK...", HelpText = "An address, or a network such as 203.0.113.0/24; may be several.")]
    public IEnumerable<string> Networks { get; set; } = [];
}
