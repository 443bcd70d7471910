using System.Globalization;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;
using BlockSmtp.Logs;

namespace BlockSmtp.Cli.Commands;

/// <summary>Reads finished logs and tells what the daemon would have done.</summary>
internal static class ReplayCommand
{
    // To read so much takes a hundred times as long as to give back what the start has needed.
    private const long LongLog = 64 << 20;

    public static async Task<int> RunAsync(ReplayVerb verb)
    {
        var logs = new NamedLogs(verb);
        var policy = DetectionSetup.PolicyOf(verb);
        var options = logs.MakeOptions();
        var labels = verb.Labels is null ? null : new ReplayScore(TruthFiles.Labels(verb.Labels));
        var files = logs.Files;
        if (files.Length == 0)
            throw new CommandException(ExitCode.Usage, "replay: no log is named: give one or more files, - for standard input");
        await logs.ReadAsync(async () =>
        {
            options.FirstYear = logs.FirstYear;
            await using var output = Console.OpenStandardOutput();
            var source = new ReplayLogSource(files);
            var size = files.Where(File.Exists).Sum(file => new FileInfo(file).Length);
            if (size > LongLog)
                FilePages.Release();
            await using var json = verb.Json ? new JsonEvents(output) : null;
            options.Observer = json;
            if (labels is not null)
            {
                labels.IsYearKnown = logs.FirstYear is not null;
                options.Observer = Observers.Of(json, labels);
            }

            var html = OptionValue.Path("html", verb.Html) is { } file ? new HtmlOutput(file, policy, options) : null;
            var summary = await ReplayProgress.ShowAsync(
                source, new LogReplay(source, labels?.Around(policy.Make()) ?? policy.Make(), options), size);
            var score = labels?.Compare("replay");
            if (html is not null)
                html.Write(summary, files, files.All(File.Exists)
                    ? [await HtmlOutput.TryAsync(
                        new ReplayLogSource(files), policy with { IsBalance = !policy.IsBalance }, logs.MakeOptions())]
                    : []);
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
        });
        return ExitCode.Ok;
    }
}
