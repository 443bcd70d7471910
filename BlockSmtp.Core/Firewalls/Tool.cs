using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace BlockSmtp.Firewalls;

/// <summary>A program of the machine, run with an argument list, never through a shell, and never for longer than allowed.</summary>
internal sealed class Tool
{
    private const int MaxErrors = 4096;

    // A listing of a million rules; what prints more is not a listing of ours.
    private const int MaxOutput = 128 << 20;

    private readonly ProcessStartInfo _start;
    private readonly TimeSpan _deadline;

    /// <param name="name">What to call it in messages.</param>
    /// <param name="command">The program's path, then its arguments.</param>
    /// <param name="deadline">After how long a run is killed.</param>
    public Tool(string name, IEnumerable<string> command, TimeSpan deadline)
    {
        Name = name;
        _deadline = deadline;
        _start = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // Messages are read by us (is it the permission?), so in no other language.
        _start.Environment["LC_ALL"] = "C";
    }

    public string Name { get; }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="FirewallException">It could not be started, did not end in time, or printed without end.</exception>
    /// <exception cref="OperationCanceledException">It was killed because <paramref name="cancellationToken"/> said so.</exception>
    public async Task<ToolResult> RunAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = StartProcess();
        // A process that is disposed leaves the pipes that somebody has asked for open.
        using var printed = process.StandardOutput;
        using var complained = process.StandardError;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_deadline);
        try
        {
            var output = ReadAsync(printed.BaseStream, MaxOutput, limit.Token);
            var errors = ReadAsync(complained.BaseStream, MaxErrors, limit.Token);
            await FeedAsync(process.StandardInput.BaseStream, input, limit.Token).ConfigureAwait(false);
            await Task.WhenAll(output, errors).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            if (output.Result.Truncated)
                throw new FirewallException($"{Name} printed more than {MaxOutput >> 20} MiB: look at what it prints");
            return new ToolResult(process.ExitCode, output.Result.Text, errors.Result.Text.Trim());
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await KillAsync(process).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new FirewallException(
                $"{Name} did not end within {_deadline.TotalSeconds:0.#} s and was killed: see what it waits for by running it by hand");
        }
    }

    private Process StartProcess()
    {
        try
        {
            return Process.Start(_start)!;
        }
        catch (Win32Exception exception)
        {
            throw new FirewallException($"{Name} can't be started: {exception.Message}", exception);
        }
    }

    private static async Task FeedAsync(Stream stream, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            if (!input.IsEmpty)
                await stream.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ended before it had read everything: its exit code and its message say why.
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads to the end, so that the tool never waits for us, but keeps no more than the limit.</summary>
    private static async Task<(string Text, bool Truncated)> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var truncated = false;
        var buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            var room = (int)Math.Min(read, limit - kept.Length);
            kept.Write(buffer, 0, room);
            truncated |= room < read;
            if (kept.Length > buffer.Length && buffer.Length < 65536)
                buffer = new byte[65536];
        }
        return (Encoding.Latin1.GetString(kept.GetBuffer(), 0, (int)kept.Length), truncated);
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        // When this returns its state no longer changes: what it did, it did. A process that hangs in the kernel
        // does not die; nobody shall wait for it.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
