using System.Globalization;

namespace BlockSmtp.Reports.Html;

/// <summary>Numbers and times as the report writes them.</summary>
internal static class Figures
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Of(long number, string one, string many) => $"{Count(number)} {(number == 1 ? one : many)}";

    /// <summary>How much of a whole; never rounded to all or nothing when it is neither.</summary>
    public static string Share(long part, long whole)
    {
        if (whole == 0)
            return "–";
        var percent = 100.0 * part / whole;
        return percent switch
        {
            > 0 and < 0.1 => "< 0.1 %",
            > 99.9 and < 100 => "> 99.9 %",
            _ => percent.ToString(percent is > 0 and < 10 or > 90 and < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %",
        };
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>From one time to another; the day of the second only if it is another one.</summary>
    public static string Span(DateTimeOffset first, DateTimeOffset last) =>
        first == last
            ? Time(first)
            : $"{Time(first)} – {(first.UtcDateTime.Date == last.UtcDateTime.Date ? Time(last)[11..] : Time(last))}";

    public static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    public static string Settings(ReportOutcome outcome)
    {
        var policy = outcome.Policy;
        var what = outcome.IsBalance
            ? $"balance: {Of(policy.MaxOffenses, "wrong name", "wrong names")} more than deliveries make up for"
            : $"count: over {Of(policy.MaxOffenses, "guess", "guesses")}";
        return $"{what} in {DurationText.Show(policy.Window)}, blocked for {DurationText.Show(policy.BlockTime)}";
    }
}
