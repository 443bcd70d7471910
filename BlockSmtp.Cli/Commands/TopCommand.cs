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
                await ShowUntilQuitAsync(client, stop.Token);
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

    /// <summary>A page of its own, which is gone when it ends as it was before.</summary>
    private static async Task ShowUntilQuitAsync(ControlClient client, CancellationToken cancellationToken)
    {
        using var quit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        WatchKeys(quit);
        var hasPage = AnsiConsole.Profile.Capabilities is { Ansi: true, AlternateBuffer: true };
        Console.Out.Write(hasPage ? "\u001b[?1049h\u001b[H" : "");
        try
        {
            await ShowAsync(client, quit.Token);
        }
        catch (OperationCanceledException) when (quit.IsCancellationRequested)
        {
        }
        finally
        {
            Console.Out.Write(hasPage ? "\u001b[?1049l" : "");
        }
    }

    /// <summary>On a thread that nobody waits for, as one cannot wait for a key and for something else.</summary>
    private static void WatchKeys(CancellationTokenSource quit)
    {
        if (Console.IsInputRedirected)
            return;
        new Thread(() =>
        {
            try
            {
                while (Console.ReadKey(intercept: true).KeyChar is not ('q' or 'Q'))
                {
                }

                quit.Cancel();
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or ObjectDisposedException)
            {
                // No terminal any more, or it has ended by itself.
            }
        })
        { IsBackground = true, Name = "keys" }.Start();
    }

    private static Task ShowAsync(ControlClient client, CancellationToken cancellationToken) =>
        AnsiConsole.Live(new Text("…")).StartAsync(async live =>
        {
            for (var size = (0, 0); ;)
            {
                var (status, report) = (
                    await client.GetStatusAsync(cancellationToken), await client.GetActivityAsync(cancellationToken: cancellationToken));
                // What stood there before another size was taken stands elsewhere now.
                var now = (AnsiConsole.Profile.Width, AnsiConsole.Profile.Height);
                if (size != now && size != default)
                    AnsiConsole.Clear();
                size = now;
                live.UpdateTarget(TopPage.Draw(status, report, Math.Max(now.Height, 12)));
                live.Refresh();
                await Task.Delay(Step, cancellationToken);
            }
        });
}
