using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Simulation;

/// <summary>Something of the machine that the engine calls and waits for, and that may fail it at any await.</summary>
/// <param name="name">What it is called in the trace.</param>
/// <param name="time">The machine's clocks.</param>
/// <param name="random">What decides.</param>
/// <param name="trace">Takes down what happened.</param>
/// <param name="isWhole">Whether its work is all or nothing, and undone when it fails.</param>
internal sealed class Part(string name, SimulatedTime time, SeededRandom random, Trace trace, bool isWhole)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private TimeSpan _lastTrouble;
    private TimeSpan _lastSlow = TimeSpan.FromDays(-1);
    private int _troubled;

    /// <summary>Which share of the calls is in for trouble.</summary>
    public double TroubleShare { get; set; }

    /// <summary>What every call is in for; null for what comes by chance.</summary>
    public Fate? Fixed { get; set; }

    /// <summary>How long there has been no trouble.</summary>
    public TimeSpan HealthyFor => _troubled > 0 || Fixed is not null ? TimeSpan.Zero : time.Up - _lastTrouble;

    /// <summary>How long no call has been slow: how often some are made depends on what they take.</summary>
    public TimeSpan QuickFor => time.Up - _lastSlow;

    /// <summary>No trouble from now on.</summary>
    public void Heal() => (TroubleShare, Fixed, _lastTrouble) = (0, null, time.Up);

    /// <summary>Does something, or fails to.</summary>
    /// <param name="process">Who calls.</param>
    /// <param name="what">What, for the trace.</param>
    /// <param name="effect">Does the work, or the first half of it.</param>
    /// <param name="failure">What a failure looks like.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async ValueTask<T> ActAsync<T>(
        Process process, string what, Func<bool, T> effect, Func<string, Exception> failure, CancellationToken cancellationToken)
    {
        if (process.IsDead)
            throw new OperationCanceledException("The process is no more.");
        var fate = Draw();
        trace.Add($"{name}: {what}: {fate}");
        var isTrouble = fate > Fate.Later;
        _troubled += isTrouble ? 1 : 0;
        try
        {
            if (fate is Fate.Later or Fate.Slow or Fate.Hangs or Fate.HangsDeaf)
                await WaitAsync(process, fate, effect, cancellationToken);
            if (fate == Fate.FailsHalfway)
                effect(true);
            var result = fate is Fate.AtOnce or Fate.Later or Fate.Slow or Fate.FailsAfterwards ? effect(false) : default;
            return fate is Fate.AtOnce or Fate.Later or Fate.Slow ? result! : throw failure($"{name} {fate}");
        }
        finally
        {
            if (fate == Fate.Slow)
                _lastSlow = time.Up;
            if (isTrouble)
            {
                _troubled--;
                _lastTrouble = time.Up;
            }
        }
    }

    private Fate Draw()
    {
        if (Fixed is { } always)
            return always;
        if (!random.Chance(TroubleShare))
            return random.Chance(0.3) ? Fate.Later : Fate.AtOnce;
        var fate = (Fate)(2 + random.Below(6));
        return isWhole && fate is Fate.FailsAfterwards or Fate.FailsHalfway ? Fate.Fails : fate;
    }

    private async Task WaitAsync<T>(Process process, Fate fate, Func<bool, T> effect, CancellationToken cancellationToken)
    {
        var delay = fate == Fate.Later
            ? Moment * random.Next()
            : TimeSpan.FromSeconds(0.2 + (random.Next() * (random.Chance(0.3) ? 90 : 5)));
        var heeds = fate != Fate.HangsDeaf;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(process.Death, heeds ? cancellationToken : default);
        try
        {
            await Task.Delay(delay, time, end.Token);
        }
        catch (OperationCanceledException) when (process.IsCrashed)
        {
            // It was on its way into the kernel, or on the disk, when the process died.
            var extent = random.Below(3);
            trace.Add($"{name}: caught by the crash, {(extent == 0 ? "nothing" : extent == 1 && !isWhole ? "half" : "all")} is done");
            if (extent > 0)
                effect(extent == 1 && !isWhole);
            throw;
        }
    }
}
