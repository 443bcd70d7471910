using System.Globalization;

namespace BlockSmtp.Cli.Output;

/// <summary>Times for people: <c>2h59m</c>, <c>2026-11-23 18:00:05 UTC</c>.</summary>
internal static class SpanText
{
    public static string Show(TimeSpan span)
    {
        var text = span switch
        {
            { TotalSeconds: < 1 } => "0s",
            { TotalMinutes: < 1 } => $"{span.Seconds}s",
            { TotalHours: < 1 } => $"{span.Minutes}m{span.Seconds:00}s",
            { TotalDays: < 1 } => $"{span.Hours}h{span.Minutes:00}m",
            _ => $"{span.Days}d{span.Hours:00}h",
        };
        return text;
    }

    public static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
