namespace BlockSmtp.Reports.Html;

/// <summary>An axis from 0 to a round number that is enough.</summary>
internal readonly struct Scale
{
    /// <param name="most">The largest value.</param>
    /// <param name="ticks">About how many steps.</param>
    public Scale(long most, int ticks = 4)
    {
        long step = 1;
        foreach (var factor in Factors())
        {
            step = factor;
            if (step * ticks >= most)
                break;
        }

        Step = step;
        Most = Math.Max(1, (most + step - 1) / step) * step;
    }

    public long Step { get; }

    public long Most { get; }

    public IEnumerable<long> Ticks()
    {
        for (long at = 0; at <= Most; at += Step)
            yield return at;
    }

    private static IEnumerable<long> Factors()
    {
        for (long power = 1; power < long.MaxValue / 100; power *= 10)
        {
            yield return power;
            yield return 2 * power;
            yield return 5 * power;
        }
    }
}
