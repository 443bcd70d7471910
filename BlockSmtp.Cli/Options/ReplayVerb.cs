using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>Reads finished logs and tells what the daemon would have done.</summary>
[Verb("replay", HelpText = "Read finished logs and tell who would have been blocked. Touches nothing, needs no root.")]
[Example("blocksmtp replay /var/log/mail.log.2.gz /var/log/mail.log.1 /var/log/mail.log")]
[Example("blocksmtp replay --html=report.html /var/log/mail.log")]
[Example("blocksmtp replay --json --max-offenses=5 /var/log/mail.log")]
internal sealed class ReplayVerb : LogsVerb
{
    [Option("json", HelpText = "Write one JSON object a line: each block, release and ignored host, and a summary.")]
    public bool Json { get; set; }

    [Option("html", MetaValue = "FILE", HelpText = "Write a report with pictures too, one page that needs nothing else: "
        + "over time, by host and network, and what other settings would have come to.")]
    public string? Html { get; set; }

    [Option(
        "labels",
        MetaValue = "FILE",
        HelpText = "Score the decisions by labels that you have written: ADDRESS guesser or ADDRESS innocent a line; # begins a comment.")]
    public string? Labels { get; set; }

    [Value(0, MetaName = "FILE...", HelpText = "The logs, one stream in this order; .gz is unpacked, - is standard input.")]
    public override IEnumerable<string> Files { get; set; } = [];
}
