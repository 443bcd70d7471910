using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>Holds decisions, ours or another tool's, against the truth.</summary>
[Verb("score", HelpText = "Say how well guessers are told from innocents in logs whose truth is known: by us, or by another tool's bans. "
    + "Touches nothing, needs no root.")]
[Example("blocksmtp score --truth=hosts.jsonl mail.log")]
[Example("blocksmtp score --truth=hosts.jsonl --bans=fail2ban.txt mail.log")]
[Example("blocksmtp score --json --truth=hosts.jsonl --policy=count mail.log")]
internal sealed class ScoreVerb : LogsVerb
{
    [Option("truth", MetaValue = "FILE", HelpText = "Who guesses: a JSON object a line with ip, guesser (true or false) and, if wished, "
        + "kind. Beside it wire.tsv, where there is one, has what the mail server was really asked.")]
    public string? Truth { get; set; }

    [Option("bans", MetaValue = "FILE", HelpText = "Score these bans in the place of our decisions: TIME ADDRESS [UNTIL] a line, "
        + "times as in 2026-11-23T18:00:05Z; one without an end is for ever.")]
    public string? Bans { get; set; }

    [Option("json", HelpText = "Write one JSON object.")]
    public bool Json { get; set; }

    [Value(0, MetaName = "FILE...", HelpText = "The logs, one stream in this order; .gz is unpacked, - is standard input.")]
    public override IEnumerable<string> Files { get; set; } = [];
}
