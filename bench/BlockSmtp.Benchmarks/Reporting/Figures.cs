namespace BlockSmtp.Benchmarks.Reporting;

/// <summary>What many measurements come down to.</summary>
internal static class Figures
{
    public static double Median(this IEnumerable<double> values) => values.Percentile(50);

    /// <summary>The smallest value that so many percent of all do not exceed (nearest rank).</summary>
    public static double Percentile(this IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100) - 1)];
    }
}
