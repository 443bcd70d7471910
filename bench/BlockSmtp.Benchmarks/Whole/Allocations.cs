using System.Runtime.CompilerServices;
using BlockSmtp.Policies;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>How much memory the library allocates for lines that do not matter.</summary>
internal static class Allocations
{
    private const int Few = 10;
    private const int Many = 110;

    // A transaction that waits for its client: while there is one, no line can be put aside at first sight.
    private static readonly LogChunk Offense = new(
        "Nov  1 00:00:00 mail1 sm-mta[1]: kA1000000000001: <a@corp.example>... User unknown\n"u8.ToArray());

    /// <summary>Bytes a line: what a hundred more times the same lines allocate.</summary>
    /// <param name="log">A log; of its lines those are taken that do not even look like a guess.</param>
    public static async Task<double> PerLineAsync(string log)
    {
        var lines = File.ReadLines(log).Where(line => !line.Contains("User unknown", StringComparison.Ordinal)).Take(10_000).ToArray();
        var chunk = new LogChunk(System.Text.Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"));
        await AllocatedAsync(chunk, Many);
        var few = await AllocatedAsync(chunk, Few);
        return (double)(await AllocatedAsync(chunk, Many) - few) / (Many - Few) / lines.Length;
    }

    private static async Task<long> AllocatedAsync(LogChunk chunk, int times)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await new LogReplay(new Repeated(chunk, times), new CountPolicy()).RunAsync();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private sealed class Repeated(LogChunk chunk, int times) : ILogSource
    {
        public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return Offense;
            for (var i = 0; i < times; i++)
                yield return chunk;
            await ValueTask.CompletedTask;
        }
    }
}
