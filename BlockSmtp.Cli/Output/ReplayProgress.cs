using BlockSmtp.Logs;
using Spectre.Console;

namespace BlockSmtp.Cli.Output;

/// <summary>Shows how far a long replay has come, on a terminal.</summary>
internal static class ReplayProgress
{
    // Shorter ones are over before a person has read the bar.
    private const long Long = 256L * 1024 * 1024;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    public static Task<ReplaySummary> ShowAsync(ReplayLogSource source, LogReplay replay, long size) =>
        size < Long || Console.IsErrorRedirected ? replay.RunAsync() : ShowBarAsync(source, replay);

    private static Task<ReplaySummary> ShowBarAsync(ReplayLogSource source, LogReplay replay)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true).Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask("reading");
                var running = Task.Run(() => replay.RunAsync());
                while (await Task.WhenAny(running, Task.Delay(Step)) != running)
                {
                    if (source.TotalBytes is > 0 and var total)
                        bar.Value = 100.0 * source.Position / total;
                }

                return await running;
            });
    }
}
