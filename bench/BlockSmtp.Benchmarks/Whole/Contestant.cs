using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>A program that reads a log, and what its runs took.</summary>
/// <param name="name">What to call it in a table.</param>
/// <param name="command">The program and its arguments.</param>
internal sealed class Contestant(string name, params string[] command)
{
    private readonly List<Measured> _runs = [];

    public string Name { get; } = name;

    public double Cpu => _runs.Select(run => run.CpuSeconds).Median();

    public double Wall => _runs.Select(run => run.WallSeconds).Median();

    public double Peak => _runs.Max(run => run.PeakMebibytes);

    /// <summary>Runs all in turn, several times, so that what else the machine does hits all alike.</summary>
    public static void Race(string measure, string output, int rounds, params Contestant[] all)
    {
        foreach (var contestant in all)
            Measured.Run(measure, output, contestant.Command);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contestant in all)
                contestant._runs.Add(Measured.Run(measure, output, contestant.Command));
        }
    }

    /// <summary>
    /// The median, over the rounds, of our processor time divided by another's in the same round: a noisy neighbour
    /// disturbs both.
    /// </summary>
    public double CpuRatio(Contestant other) => _runs.Zip(other._runs, (mine, its) => mine.CpuSeconds / its.CpuSeconds).Median();

    private string[] Command { get; } = command;
}
