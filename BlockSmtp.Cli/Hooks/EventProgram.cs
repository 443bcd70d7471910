using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace BlockSmtp.Cli.Hooks;

/// <summary>
/// A program that is run once for each event, with the event on its standard input. No shell, no arguments, and nothing
/// of our environment but a path.
/// </summary>
internal sealed class EventProgram(string path) : IEventReceiver
{
    // What a shell finds where nobody says otherwise. Not ours: with NOTIFY_SOCKET it could speak to systemd in our name.
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public string Name => path;

    public async Task<string?> PassAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(path) { RedirectStandardInput = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        try
        {
            using var process = Process.Start(start)!;
            return await TellAsync(process, json, cancellationToken);
        }
        catch (Win32Exception e)
        {
            return $"it cannot be run: {e.Message}";
        }
    }

    private static async Task<string?> TellAsync(Process process, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(process, json, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"it has ended with {process.ExitCode}");
        }
        catch (OperationCanceledException)
        {
            // With what it has started itself: a shell script is most of the time waiting for another program.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>One that does not read what it is told may be content all the same: its exit code says so.</summary>
    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await input.WriteAsync(json, cancellationToken);
        }
        catch (IOException)
        {
            // It has closed its end.
        }
    }
}
