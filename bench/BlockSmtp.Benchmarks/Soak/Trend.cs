using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Soak;

/// <summary>How something that is looked at once a day goes on after the first tenth of the days.</summary>
/// <param name="name">What it is.</param>
/// <param name="days">What it was, day by day.</param>
internal sealed class Trend(string name, IReadOnlyList<double> days)
{
    private int Tenth => Math.Max(1, days.Count / 10);

    /// <summary>By how much it grows a day after the first tenth, the line that fits best.</summary>
    public double Slope
    {
        get
        {
            var rest = days.Skip(Tenth).ToArray();
            var (middle, mean) = ((rest.Length - 1) / 2.0, rest.Average());
            var spread = Enumerable.Range(0, rest.Length).Sum(day => (day - middle) * (day - middle));
            return spread == 0 ? 0 : Enumerable.Range(0, rest.Length).Sum(day => (day - middle) * (rest[day] - mean)) / spread;
        }
    }

    /// <summary>
    /// What it may be and is: by how much the median of the last tenth exceeds the most of the first, so that one
    /// peak is no growth and a leak is.
    /// </summary>
    /// <param name="allowed">The most of it.</param>
    /// <param name="share">And a share of what it was, for what comes in pieces.</param>
    public Budget Growth(double allowed, double share = 0)
    {
        var first = days.Take(Tenth).Max();
        return new Budget(
            $"{name}: the last tenth of the days above the first", days.TakeLast(Tenth).Median() - first, allowed + (share * first), "0.0");
    }

    /// <summary>A row: the most of the first tenth, of all, the last, and the slope.</summary>
    public string[] Row(Func<double, string, string> show) =>
        [name, show(days.Take(Tenth).Max(), "0.0"), show(days.Max(), "0.0"), show(days[^1], "0.0"), show(Slope, "0.000")];
}
