namespace BlockSmtp;

/// <summary>
/// What a timer takes at most (<see cref="ITimer.Change"/>, <see cref="CancellationTokenSource.CancelAfter(TimeSpan)"/>): 2³² ms.
/// </summary>
internal static class LongestTimer
{
    /// <summary>That in whole days.</summary>
    public static TimeSpan Time { get; } = TimeSpan.FromDays(49);
}
