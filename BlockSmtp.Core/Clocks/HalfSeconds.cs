namespace BlockSmtp.Clocks;

/// <summary>Times in little room, for what is kept of many hosts: half seconds since 1990, until 2058.</summary>
internal static class HalfSeconds
{
    private const long Length = TimeSpan.TicksPerSecond / 2;
    private static readonly long Start = new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    /// <summary>The time of so many ticks UTC; what lies outside is the first or the last.</summary>
    public static uint Of(long ticks) => (uint)Math.Clamp((ticks - Start) / Length, 0, uint.MaxValue);

    /// <summary>The ticks of a time.</summary>
    public static long ToTicks(uint time) => Start + (time * Length);
}
