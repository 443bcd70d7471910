using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;
using BlockSmtp.Control;
using Spectre.Console;

namespace BlockSmtp.Cli.Commands;

/// <summary>Watches the daemon.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public static Task<int> RunAsync(TopVerb verb) => DaemonRequest.AskAsync(verb, async client =>
    {
        using var stop = new StopSignals();
        try
        {
            if (verb.Once)
                TopPage.Write(Console.Out, await client.GetActivityAsync());
            else if (Console.IsOutputRedirected)
                await FollowAsync(client, stop.Token);
            else
                await ShowAsync(client, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
        }

        return ExitCode.Ok;
    });

    /// <summary>One line for each event, from now on.</summary>
    private static async Task FollowAsync(ControlClient client, CancellationToken cancellationToken)
    {
        for (var last = (await client.GetActivityAsync(cancellationToken: cancellationToken)).Last; ;)
        {
            await Task.Delay(Step, cancellationToken);
            var report = await client.GetActivityAsync(last, cancellationToken);
            foreach (var seen in report.Events)
                Console.Out.WriteLine(TopPage.Line(seen));
            await Console.Out.FlushAsync(cancellationToken);
            last = report.Last;
        }
    }

    private static Task ShowAsync(ControlClient client, CancellationToken cancellationToken) =>
        AnsiConsole.Live(new Text("…")).StartAsync(async live =>
        {
            while (true)
            {
                var (status, report) = (await client.GetStatusAsync(cancellationToken), await client.GetActivityAsync(cancellationToken: cancellationToken));
                live.UpdateTarget(TopPage.Draw(status, report, Math.Max(AnsiConsole.Profile.Height, 12)));
                live.Refresh();
                await Task.Delay(Step, cancellationToken);
            }
        });
}
