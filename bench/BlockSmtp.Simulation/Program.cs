using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Benchmarks;
using BlockSmtp.Simulation;

// bench/simulate calls this; bench/README.md tells what it is.
try
{
    // All that happens does so on the one thread of the pool, but for the thread that reads the log, for which that one waits.
    return Task.Run(() => RunAsync(new Arguments(args))).GetAwaiter().GetResult();
}
catch (Exception e) when (e is ArgumentException or FormatException)
{
    Console.Error.WriteLine($"bench/simulate: {e.Message}");
    return 64;
}

static async Task<int> RunAsync(Arguments arguments)
{
    var first = arguments.Number("first-seed", 1UL);
    var seeds = arguments.Number("seeds", 1_000UL);
    var steps = arguments.Number("steps", 80);
    var most = arguments.Number("failures", 3);
    var words = arguments.Has("trace") ? Console.Out : null;
    var watch = Stopwatch.StartNew();
    var hash = 0UL;
    var failed = 0;
    var told = 0UL;
    for (var seed = first; seed < first + seeds && failed < most; seed++, told++)
    {
        using var story = new Story(seed, words);
        try
        {
            await story.TellAsync(steps);
        }
        catch (Violation violation)
        {
            failed++;
            Console.WriteLine(FormattableString.Invariant($"seed {seed}: {violation.Message}"));
            Console.WriteLine(
                FormattableString.Invariant($"  replay it: bench/simulate --first-seed={seed} --seeds=1 --steps={steps} --trace"));
        }

        hash = (hash * 31) ^ story.Hash;
    }

    var rate = (long)(told / watch.Elapsed.TotalSeconds);
    Console.WriteLine(FormattableString.Invariant($"{told} seeds, {failed} failed, hash {hash:x16}"));
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate} seeds a second, {Environment.WorkingSet >> 20} MiB"));
    return failed == 0 ? 0 : 2;
}
