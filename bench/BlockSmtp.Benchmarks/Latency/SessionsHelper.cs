using System.Diagnostics;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>The helper that looks into the mail server's processes for a daemon, as the package has it. Disposing ends it.</summary>
internal sealed class SessionsHelper : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private SessionsHelper(string[] command) => _process = Process.Start(command[0], command[1..]);

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="socket">Where.</param>
    /// <param name="command">The program, with what runs it elsewhere before, and its options.</param>
    public static SessionsHelper Start(string socket, params string[] command)
    {
        var helper = new SessionsHelper([.. command, $"--sessions=unix:{socket}"]);
        var begun = Stopwatch.GetTimestamp();
        while (!File.Exists(socket))
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
            {
                helper.Dispose();
                throw new InvalidOperationException("the helper does not listen");
            }

            Thread.Sleep(10);
        }

        return helper;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
