using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>A log that is longer than any memory, made while it is replayed: it is in a pipe, and never on a disk.</summary>
/// <param name="Truth">What is true of it.</param>
/// <param name="Verdicts">What was said of it.</param>
/// <param name="Run">What that took. The wall time is the one of making it.</param>
internal sealed record PipedReplay(Truth Truth, Verdicts Verdicts, Measured Run)
{
    // Some 10 GB.
    private const long Lines = 55_000_000;

    public static PipedReplay Measure(Programs programs)
    {
        Truth? truth = null;
        var output = programs.PathOf("verdicts.json");
        var run = Measured.Run(
            programs.Measure, output, pipe => truth = new MailLog(new MailLogOptions { Lines = Lines }).Write(pipe),
            programs.Aot, "replay", "--json", "--policy=count", "-");
        return truth is null
            ? throw new InvalidOperationException("blocksmtp replay did not read its standard input to the end")
            : new PipedReplay(truth, Verdicts.Compare(truth, output), run);
    }
}
