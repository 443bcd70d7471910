using System.Globalization;

namespace BlockSmtp;

/// <summary>Durations as an administrator writes them: <c>900</c> (seconds), <c>90s</c>, <c>15m</c>, <c>3h</c>, <c>2d</c>.</summary>
public static class DurationText
{
    // Longer than anybody means; it keeps every sum of a time and a duration within the calendar.
    private const long MostSeconds = 100L * 365 * 24 * 3600;

    /// <summary>Reads a duration.</summary>
    /// <param name="text">A whole number, perhaps followed by s, m, h or d; at most 100 years.</param>
    /// <param name="duration">The duration.</param>
    /// <returns>False when the text is none.</returns>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text))
            return false;
        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        var digits = unit == 0 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > MostSeconds / Math.Max(unit, 1))
            return false;
        duration = TimeSpan.FromSeconds(count * Math.Max(unit, 1));
        return true;
    }

    /// <summary>
    /// Writes a duration in the largest unit that leaves nothing over, such as <c>15m</c>; parts of a second are left out.
    /// </summary>
    /// <param name="duration">The duration.</param>
    /// <returns>The text; <see cref="TryParse"/> reads it.</returns>
    public static string Show(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var (unit, name) = seconds switch
        {
            _ when seconds % 86_400 == 0 && seconds != 0 => (86_400, "d"),
            _ when seconds % 3600 == 0 && seconds != 0 => (3600, "h"),
            _ when seconds % 60 == 0 && seconds != 0 => (60, "m"),
            _ => (1, "s"),
        };
        return (seconds / unit).ToString(CultureInfo.InvariantCulture) + name;
    }
}
