using System.Diagnostics;
using System.Net;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>What one call of a firewall takes while so many blocks are in force, in milliseconds.</summary>
/// <param name="Restore">To put all in force at once, at a start.</param>
/// <param name="AddOne">To block one host more.</param>
/// <param name="AddHundred">To block a hundred hosts more in one call.</param>
/// <param name="RemoveOne">To release one.</param>
/// <param name="List">To read all back.</param>
internal sealed record FirewallCalls(double Restore, double AddOne, double AddHundred, double RemoveOne, double List)
{
    private const int Batch = 100;

    // One rule a host is so slow with very many that a few rounds must do.
    private const int FewRounds = 3, ManyRounds = 9, Many = 10_000;

    public static async Task<FirewallCalls> MeasureAsync(Backend backend, int count)
    {
        var firewall = backend.Make();
        var rounds = count > Many ? FewRounds : ManyRounds;
        var (blocks, more) = (Blocks(0, count), Blocks(count, rounds * (Batch + 1)));
        double[] addOne = new double[rounds], addBatch = new double[rounds], removeOne = new double[rounds], list = new double[rounds];
        await firewall.StartAsync([], default);
        try
        {
            var restore = await TimeAsync(() => firewall.StartAsync(blocks, default).AsTask());
            for (var round = 0; round < rounds; round++)
            {
                var one = more[round * (Batch + 1)];
                var batch = more.AsSpan((round * (Batch + 1)) + 1, Batch).ToArray();
                addOne[round] = await TimeAsync(() =>
                    firewall.ApplyAsync([FirewallChange.Block(one.Network, one.Until)], default).AsTask());
                removeOne[round] = await TimeAsync(() => firewall.ApplyAsync([FirewallChange.Release(one.Network)], default).AsTask());
                addBatch[round] = await TimeAsync(() =>
                    firewall.ApplyAsync([.. batch.Select(block => FirewallChange.Block(block.Network, block.Until))], default).AsTask());
                await firewall.ApplyAsync([.. batch.Select(block => FirewallChange.Release(block.Network))], default);
                list[round] = await TimeAsync(() => firewall.ListAsync(default).AsTask());
            }

            return new FirewallCalls(restore, addOne.Median(), addBatch.Median(), removeOne.Median(), list.Median());
        }
        finally
        {
            await firewall.StopAsync(default);
        }
    }

    public static Block[] Blocks(int first, int count)
    {
        var now = DateTimeOffset.UtcNow;
        return [.. Enumerable.Range(first, count).Select(i =>
            new Block(
                new IPNetwork(new IPAddress([198, (byte)(18 + (i >> 16)), (byte)(i >> 8), (byte)i]), 32),
                now,
                now.AddHours(3),
                4,
                "benchmark"))];
    }

    private static async Task<double> TimeAsync(Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
