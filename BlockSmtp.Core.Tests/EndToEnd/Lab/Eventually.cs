using System.Diagnostics;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>Waits for what other processes do, with a deadline that only a failure meets.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static Task IsTrue(Func<bool> condition, string what, TimeSpan? within = null) =>
        IsTrue(() => Task.FromResult(condition()), what, within);

    public static async Task IsTrue(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > (within ?? Patience))
                throw new AssertionException($"it did not come to pass within {(within ?? Patience).TotalSeconds} s that {what}");
            await Task.Delay(Step);
        }
    }
}
