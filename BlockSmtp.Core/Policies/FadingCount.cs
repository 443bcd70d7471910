using BlockSmtp.Clocks;

namespace BlockSmtp.Policies;

/// <summary>A count of which half is forgotten after a while.</summary>
internal readonly struct FadingCount(double number, long time)
{
    private const double Ln2 = 0.69314718055994531;

    private readonly float _number = (float)number;
    private readonly uint _time = HalfSeconds.Of(time);

    /// <summary>What it was, at <see cref="Time"/>.</summary>
    public double Number => _number;

    /// <summary>When it was so, in ticks UTC.</summary>
    public long Time => HalfSeconds.ToTicks(_time);

    /// <summary>What is left of it.</summary>
    public double At(long time, TimeSpan halfLife)
    {
        if (_number == 0)
            return 0;
        var lives = Math.Max(0, time - Time) / (double)halfLife.Ticks;
        if (lives >= 0.01)
            return _number * Math.Pow(0.5, lives);
        // Nearly always it is a moment, for which the first terms of the series do: their error is less than a millionth.
        var exponent = lives * Ln2;
        return _number * (1 - exponent + (exponent * exponent / 2));
    }

    /// <summary>With so many more.</summary>
    public FadingCount Plus(double more, long time, TimeSpan halfLife) => new(At(time, halfLife) + more, Math.Max(time, Time));
}
