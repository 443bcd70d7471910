using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("unblock", HelpText = "Let a blocked address or network in again. To let it in for good, put it on the white-list.")]
[Example("blocksmtp unblock 203.0.113.20")]
[Example("blocksmtp unblock --all")]
internal sealed class UnblockVerb : ControlVerb
{
    [Option("all", HelpText = "Everybody.")]
    public bool All { get; set; }

    [Value(0, MetaName = "NETWORK...", HelpText = "An address or network as 'blocksmtp list' shows it; may be several.")]
    public IEnumerable<string> Networks { get; set; } = [];
}
