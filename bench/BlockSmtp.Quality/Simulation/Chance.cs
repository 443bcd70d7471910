using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Quality.Simulation;

/// <summary>Draws from the distributions that the mix needs.</summary>
internal static class Chance
{
    public static double From(this SeededRandom random, double least, double most) => least + (random.Next() * (most - least));

    /// <summary>At least <paramref name="least"/> and below <paramref name="end"/>.</summary>
    public static int From(this SeededRandom random, int least, int end) => least + random.Below(end - least);

    public static double Exponential(this SeededRandom random, double mean) => -mean * Math.Log(1 - random.Next());

    /// <summary>1 or more; the larger <paramref name="shape"/>, the rarer the large ones.</summary>
    public static int Pareto(this SeededRandom random, double shape, int most) =>
        (int)Math.Min(most, Math.Pow(1 - random.Next(), -1 / shape));

    public static double LogNormal(this SeededRandom random, double mean, double deviation) =>
        Math.Exp(mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - random.Next())) * Math.Cos(2 * Math.PI * random.Next())));

    public static T Draw<T>(this SeededRandom random, params ReadOnlySpan<T> list) => list[random.Below(list.Length)];

    public static T DrawFrom<T>(this SeededRandom random, IReadOnlyList<T> list) => list[random.Below(list.Count)];

    /// <summary>As many as the number says on the average.</summary>
    public static int About(this SeededRandom random, double number) => (int)(number + random.Next());

    /// <summary>So many of a list, or all, in a new order.</summary>
    public static List<T> Sample<T>(this SeededRandom random, IReadOnlyList<T> list, int count)
    {
        var all = list.ToArray();
        count = Math.Clamp(count, 0, all.Length);
        for (var i = 0; i < count; i++)
        {
            var other = random.From(i, all.Length);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return [.. all.AsSpan(0, count)];
    }

    public static List<T> Shuffle<T>(this SeededRandom random, IEnumerable<T> list)
    {
        T[] all = [.. list];
        return random.Sample(all, all.Length);
    }
}
