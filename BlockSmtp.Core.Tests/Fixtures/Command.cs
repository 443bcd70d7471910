using System.Diagnostics;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>Runs a command of the machine with an argument list, never through a shell.</summary>
internal static class Command
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Runs a command and returns what it printed; throws with its errors when it fails.</summary>
    public static string Run(string file, params string[] arguments) => Run(Minute, file, arguments);

    /// <summary>The same for a command that may take longer than a minute.</summary>
    public static string Run(TimeSpan patience, string file, params string[] arguments)
    {
        var (exitCode, output, errors) = Try(patience, file, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: exit code {exitCode}: {errors}{output}");
    }

    /// <summary>Runs a command and returns all of what came of it. One that takes over a minute is killed.</summary>
    public static (int ExitCode, string Output, string Errors) Try(string file, params string[] arguments) => Try(Minute, file, arguments);

    /// <summary>The same for a command that may take longer than a minute.</summary>
    public static (int ExitCode, string Output, string Errors) Try(TimeSpan patience, string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        // To dispose of the process does not close them.
        using var printed = process.StandardOutput;
        using var complained = process.StandardError;
        var output = printed.ReadToEndAsync();
        var errors = complained.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
