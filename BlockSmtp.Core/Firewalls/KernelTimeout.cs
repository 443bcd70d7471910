namespace BlockSmtp.Firewalls;

/// <summary>After how long the kernel releases a network by itself.</summary>
internal static class KernelTimeout
{
    /// <summary>
    /// Whole seconds from now to the end of a block, rounded up, so that the engine, which releases in time, is the first
    /// and the kernel only does it for a daemon that is no more. At least one: what is to be blocked is blocked, also if
    /// its end has passed or the clock was set.
    /// </summary>
    public static long Seconds(DateTimeOffset until, DateTimeOffset now, long longest) =>
        Math.Clamp((long)Math.Ceiling((until - now).TotalSeconds), 1, longest);
}
