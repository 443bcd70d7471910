using System.Globalization;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;
using BlockSmtp.Logs;
using BlockSmtp.Policies;

namespace BlockSmtp.Cli.Commands;

/// <summary>Plays old logs under each rule and limit, and proposes the one that costs least.</summary>
internal static class TuneCommand
{
    private static readonly int[] Limits = [1, 2, 3, 5, 10];
    private static readonly bool[] Rules = [true, false];

    public static async Task<int> RunAsync(TuneVerb verb)
    {
        var logs = new NamedLogs(verb);
        var set = DetectionSetup.PolicyOf(verb);
        var files = logs.Files;
        if (files.Length == 0)
            throw new CommandException(ExitCode.Usage, "tune: no log is named: give one or more files");
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
            throw new CommandException(
                ExitCode.NoInput, $"tune: '{missing}' is no file, and a log is read once for each setting: name files");
        List<TuneRow> rows = [];
        await logs.ReadAsync(async () =>
        {
            foreach (var isBalance in Rules)
            {
                foreach (var limit in Limits)
                    rows.Add(await TryAsync(set.With(isBalance, limit)));
            }

            var best = Best(rows);
            await using var text = new StreamWriter(Console.OpenStandardOutput());
            TuneReport.Write(text, rows, best, CultureInfo.InvariantCulture);
            if (OptionValue.Path("html", verb.Html) is { } path)
            {
                var options = logs.MakeOptions();
                var html = new HtmlOutput(path, best.Policy, options);
                var summary = await new LogReplay(new ReplayLogSource(files), best.Policy.Make(), options).RunAsync();
                var other = best.Policy with { IsBalance = !best.Policy.IsBalance };
                html.Write(summary, files, [await HtmlOutput.TryAsync(new ReplayLogSource(files), other, logs.MakeOptions())]);
            }
        });
        return ExitCode.Ok;

        async Task<TuneRow> TryAsync(PolicyChoice policy)
        {
            var options = logs.MakeOptions();
            options.CountDeliveries = true;
            options.CountProbes = verb.CountProbes || policy.IsBalance;
            var lost = new LostMail();
            options.Observer = lost;
            var summary = await new LogReplay(new ReplayLogSource(files), lost.Watch(policy.Make()), options).RunAsync();
            return new TuneRow(
                policy,
                summary.Blocked,
                summary.Hosts.Count(host => host is { Blocks: > 0, Deliveries: > 0 }),
                lost.Recipients,
                lost.HeldUp,
                summary.Counters.Offenses - lost.KeptOut,
                summary.Counters.Offenses);
        }
    }

    /// <summary>The one with the least cost.</summary>
    private static TuneRow Best(List<TuneRow> rows) => rows.MinBy(row => row.Cost)!;
}
