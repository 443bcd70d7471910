using System.Globalization;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;
using BlockSmtp.Logs;

namespace BlockSmtp.Cli.Commands;

/// <summary>Reads finished logs and tells what the daemon would have done.</summary>
internal static class ReplayCommand
{
    public static async Task<int> RunAsync(ReplayVerb verb)
    {
        var zone = Zone(verb.TimeZone);
        var policy = DetectionSetup.PolicyOf(verb);
        int? firstYear = verb.Year is null ? null : OptionValue.Number("year", verb.Year, 0, 1970, 9000);
        var options = OptionsOf();
        var labels = verb.Labels is null ? null : new ReplayScore(TruthFiles.Labels(verb.Labels));
        var files = verb.Files.Select(file => OptionValue.Path("FILE", file)!).ToArray();
        if (files.Length == 0)
            throw new CommandException(ExitCode.Usage, "replay: no log is named: give one or more files, - for standard input");
        try
        {
            firstYear ??= LogYears.FindFirst(files, zone, TimeProvider.System.GetUtcNow());
            options.FirstYear = firstYear;
            await using var output = Console.OpenStandardOutput();
            var source = new ReplayLogSource(files);
            var size = files.Where(File.Exists).Sum(file => new FileInfo(file).Length);
            await using var json = verb.Json ? new JsonEvents(output) : null;
            options.Observer = json;
            if (labels is not null)
            {
                labels.IsYearKnown = firstYear is not null;
                options.Observer = Observers.Of(json, labels);
            }

            var html = OptionValue.Path("html", verb.Html) is { } file ? new HtmlOutput(file, policy, options) : null;
            var summary = await ReplayProgress.ShowAsync(source, new LogReplay(source, labels?.Around(policy.Make()) ?? policy.Make(), options), size);
            var score = labels?.Compare("replay");
            if (html is not null)
                html.Write(summary, files, files.All(File.Exists) ? [await HtmlOutput.TryAsync(new ReplayLogSource(files), policy with { IsBalance = !policy.IsBalance }, OptionsOf())] : []);
            if (json is not null)
            {
                if (score is not null)
                    json.Write(score);
                json.Write(summary);
            }
            else
            {
                await using var text = new StreamWriter(output);
                ReplayReport.Write(text, summary, CultureInfo.InvariantCulture);
                if (score is not null)
                {
                    await text.WriteLineAsync();
                    ScoreReport.Write(text, score, CultureInfo.InvariantCulture);
                }
            }
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

        return ExitCode.Ok;

        ReplayOptions OptionsOf()
        {
            var made = new ReplayOptions { TimeZone = zone, FirstYear = firstYear, OwnAddresses = OptionValue.Addresses("mailer-ip", verb.MailerIps) };
            made.Fill(verb);
            return made;
        }
    }

    /// <summary>The zone of stamps that name none.</summary>
    public static TimeZoneInfo Zone(string? name)
    {
        if (name is null)
            return TimeZoneInfo.Local;
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or ArgumentException or UnauthorizedAccessException or IOException)
        {
            throw CommandException.BadValue("timezone", name, "a time zone of this machine such as UTC or Europe/Berlin");
        }
    }
}
