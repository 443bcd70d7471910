using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>Finds a setting for a site by its old logs.</summary>
[Verb("tune", HelpText = "Read old logs of this site, show what each rule and limit would have blocked and whose mail that would have "
    + "cost, and propose a setting. Touches nothing, needs no root.")]
[Example("blocksmtp tune /var/log/mail.log.2.gz /var/log/mail.log.1 /var/log/mail.log")]
[Example("blocksmtp tune --html=tune.html /var/log/mail.log")]
internal sealed class TuneVerb : LogsVerb
{
    [Option(
        "html",
        MetaValue = "FILE",
        HelpText = "Write the report of a replay with the proposed setting too, one page that needs nothing else.")]
    public string? Html { get; set; }

    [Value(0, MetaName = "FILE...", HelpText = "The logs, one stream in this order; .gz is unpacked. They are read once for each setting.")]
    public override IEnumerable<string> Files { get; set; } = [];
}
