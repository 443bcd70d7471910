using System.Globalization;
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
        var options = new ReplayOptions
        {
            TimeZone = ReplayCommand.Zone(verb.TimeZone),
            FirstYear = verb.Year is null ? null : OptionValue.Number("year", verb.Year, 0, 1970, 9000),
            OwnAddresses = OptionValue.Addresses("mailer-ip", verb.MailerIps),
        };
        options.Fill(verb);
        var truth = TruthFiles.Truth(verb.Truth);
        var asked = TruthFiles.Transactions(verb.Truth);
        var bans = verb.Bans is null ? null : TruthFiles.Bans(verb.Bans);
        var files = verb.Files.Select(file => OptionValue.Path("FILE", file)!).ToArray();
        if (files.Length == 0 && (bans is null || asked is null))
            throw new CommandException(ExitCode.Usage, "score: no log is named: give one or more files, - for standard input");
        var score = new ReplayScore(truth);
        // Bans and what was asked are enough; a log has no more to tell.
        if (bans is null || asked is null)
        {
            options.Observer = score;
            await ReplayAsync(files, score.Around(bans is null ? policy.Make() : null), options);
            score.IsYearKnown = options.FirstYear is not null;
        }

        var result = score.Compare("score", asked, bans);
        if (verb.Json)
            JsonLine.Write(json => ScoreReport.Write(json, result));
        else
            ScoreReport.Write(Console.Out, result, CultureInfo.InvariantCulture);
        return ExitCode.Ok;
    }

    private static async Task ReplayAsync(string[] files, IOffenderPolicy policy, ReplayOptions options)
    {
        try
        {
            options.FirstYear ??= LogYears.FindFirst(files, options.TimeZone, TimeProvider.System.GetUtcNow());
            await new LogReplay(new ReplayLogSource(files), policy, options).RunAsync();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandException(ExitCode.NoInput, e.Message);
        }
        catch (IOException e)
        {
            var cannotOpen = e is FileNotFoundException or DirectoryNotFoundException || files.Any(Directory.Exists);
            throw new CommandException(cannotOpen ? ExitCode.NoInput : ExitCode.IoError, e.Message);
        }
    }
}
