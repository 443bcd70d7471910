using System.Globalization;
using BlockSmtp.Cli.Json;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;
using BlockSmtp.Logs;

namespace BlockSmtp.Cli.Commands;

/// <summary>Says how well guessers are told from innocents in logs whose truth is known.</summary>
internal static class ScoreCommand
{
    public static async Task<int> RunAsync(ScoreVerb verb)
    {
        if (verb.Truth is null)
            throw new CommandException(ExitCode.Usage, "score: the truth is missing: name it with --truth=FILE (blocksmtp score --help)");
        var policy = DetectionSetup.PolicyOf(verb);
        var logs = new NamedLogs(verb);
        var options = logs.MakeOptions();
        var truth = TruthFiles.Truth(verb.Truth);
        var asked = TruthFiles.Transactions(verb.Truth);
        var bans = verb.Bans is null ? null : TruthFiles.Bans(verb.Bans);
        if (logs.Files.Length == 0 && (bans is null || asked is null))
            throw new CommandException(ExitCode.Usage, "score: no log is named: give one or more files, - for standard input");
        var score = new ReplayScore(truth);
        // Bans and what was asked are enough; a log has no more to tell.
        if (bans is null || asked is null)
        {
            options.Observer = score;
            await logs.ReadAsync(async () =>
            {
                options.FirstYear = logs.FirstYear;
                await new LogReplay(new ReplayLogSource(logs.Files), score.Around(bans is null ? policy.Make() : null), options).RunAsync();
            });
            score.IsYearKnown = logs.FirstYear is not null;
        }

        var result = score.Compare("score", asked, bans);
        if (verb.Json)
            JsonLine.Write(json => ScoreReport.Write(json, result));
        else
            ScoreReport.Write(Console.Out, result, CultureInfo.InvariantCulture);
        return ExitCode.Ok;
    }
}
