namespace BlockSmtp.Reports;

/// <summary>Counts over a time of unknown length, in steps that grow longer when there are too many.</summary>
internal sealed class PeriodCounter
{
    private const int MostKept = 4096;

    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
        TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(28), TimeSpan.FromDays(364),
    ];

    private Dictionary<long, ReportPeriod> _periods = [];
    private int _step;

    public void Add(DateTimeOffset time, long answered = 0, long keptOut = 0, long blocks = 0)
    {
        Add(new ReportPeriod(time, answered, keptOut, blocks));
        if (_periods.Count > MostKept && _step < Steps.Length - 1)
            Coarsen();
    }

    /// <summary>Everything in at most so many steps, from the first to the last.</summary>
    public (IReadOnlyList<ReportPeriod> Periods, TimeSpan Length) Take(int most)
    {
        while (_step < Steps.Length - 1 && _periods.Count > 0 && _periods.Keys.Max() - _periods.Keys.Min() >= most)
            Coarsen();
        return ([.. _periods.OrderBy(period => period.Key).Select(period => period.Value)], Steps[_step]);
    }

    private void Coarsen()
    {
        _step++;
        var finer = _periods.Values;
        _periods = [];
        foreach (var period in finer)
            Add(period);
    }

    private void Add(in ReportPeriod more)
    {
        var step = Steps[_step].Ticks;
        var at = more.Start.UtcTicks / step;
        var sum = _periods.GetValueOrDefault(at);
        _periods[at] = new(
            new DateTimeOffset(at * step, TimeSpan.Zero),
            sum.Answered + more.Answered,
            sum.KeptOut + more.KeptOut,
            sum.Blocks + more.Blocks);
    }
}
