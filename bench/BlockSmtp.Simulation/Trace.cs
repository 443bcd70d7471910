namespace BlockSmtp.Simulation;

/// <summary>
/// What has happened, in order: as a number that another run of the same seed must come to, and in words for who wants to read it.
/// </summary>
internal sealed class Trace(SimulatedTime time, TextWriter? words)
{
    private const ulong Prime = 0x100000001B3;

    /// <summary>All of it in one number (FNV-1a).</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    public void Add(string what)
    {
        Mix((ulong)time.Up.Ticks);
        foreach (var letter in what)
            Mix(letter);
        words?.WriteLine(FormattableString.Invariant($"{time.Up.TotalSeconds,12:0.000000} {what}"));
    }

    private void Mix(ulong what) => Hash = (Hash ^ what) * Prime;
}
