using BlockSmtp.Cli.Configuration;
using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("resolve", HelpText = "Ask for the addresses of the white-list's names that are due, and keep them for the daemon. "
    + "Run every few minutes by blocksmtp-names.timer, or by cron.")]
[Example("blocksmtp resolve", "the names of the configuration")]
[Example("blocksmtp resolve --all", "also those whose time is not over")]
internal sealed class ResolveVerb : ConfiguredVerb
{
    /// <inheritdoc/>
    public override ConfigurationUse ReadsConfiguration => ConfigurationUse.Lenient;

    [Option("white-list-names", MetaValue = "FILE", HelpText = "The names, one a line. Default: those of the configuration.")]
    public string? WhiteListNames { get; set; }

    [Option("names-cache", MetaValue = "FILE", HelpText = "Where their addresses are kept. Default /var/cache/blocksmtp/white-list-names.")]
    public string? NamesCache { get; set; }

    [Option("dns-server", MetaValue = "ADDRESS:PORT", HelpText = "Whom to ask. Default: the name servers of /etc/resolv.conf.")]
    public string? DnsServer { get; set; }

    [Option("all", HelpText = "Ask also for names whose time is not over.")]
    public bool All { get; set; }
}
