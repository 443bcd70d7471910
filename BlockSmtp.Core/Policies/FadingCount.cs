namespace BlockSmtp.Policies;

/// <summary>A count of which half is forgotten after a while.</summary>
/// <param name="Number">What it was.</param>
/// <param name="Time">When it was so, in ticks UTC.</param>
internal readonly record struct FadingCount(double Number, long Time)
{
    private const double Ln2 = 0.69314718055994531;

    /// <summary>What is left of it.</summary>
    public double At(long time, TimeSpan halfLife)
    {
        var lives = Math.Max(0, time - Time) / (double)halfLife.Ticks;
        if (lives >= 0.01)
            return Number * Math.Pow(0.5, lives);
        // Nearly always it is a moment, for which the first terms of the series do: their error is less than a millionth.
        var exponent = lives * Ln2;
        return Number * (1 - exponent + (exponent * exponent / 2));
    }

    /// <summary>With one more.</summary>
    public FadingCount PlusOne(long time, TimeSpan halfLife) => new(At(time, halfLife) + 1, Math.Max(time, Time));
}
