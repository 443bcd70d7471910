using System.Diagnostics;
using System.Globalization;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>What one run of a program took, as <c>bench/measure.c</c> saw it.</summary>
internal sealed record Measured(double WallSeconds, double CpuSeconds, double PeakMebibytes)
{
    /// <summary>Runs a program.</summary>
    /// <param name="measure">The path of <c>measure</c>.</param>
    /// <param name="output">Where the program's output goes. Not /dev/null, with which grep stops at the first match.</param>
    /// <param name="command">The program and its arguments.</param>
    public static Measured Run(string measure, string output, params string[] command) => Run(measure, output, null, command);

    /// <summary>Runs a program that reads from a pipe.</summary>
    /// <param name="measure">The path of <c>measure</c>.</param>
    /// <param name="output">Where the program's output goes.</param>
    /// <param name="write">Writes into the pipe; null for a program that reads no standard input.</param>
    /// <param name="command">The program and its arguments.</param>
    public static Measured Run(string measure, string output, Action<Stream>? write, params string[] command)
    {
        var start = new ProcessStartInfo(measure, [output, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = write is not null,
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        if (write is not null)
            Feed(process, write);
        var words = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (words.Length != 5 || words[4].Trim() != "0")
            throw new InvalidOperationException($"'{string.Join(' ', command)}' failed: {errors.Result}");
        var figures = words[..4].Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new Measured(figures[0] / 1e6, (figures[1] + figures[2]) / 1e6, figures[3] / 1024);
    }

    private static void Feed(Process process, Action<Stream> write)
    {
        try
        {
            using var pipe = process.StandardInput.BaseStream;
            write(pipe);
        }
        catch (IOException)
        {
            // It has ended early, and its exit code tells why.
        }
    }
}
