using System.Net;
using BenchmarkDotNet.Attributes;
using BlockSmtp.Addresses;
using BlockSmtp.Judging;

namespace BlockSmtp.Benchmarks.Parts;

/// <summary>One block ends and another begins while so many are in force.</summary>
[MemoryDiagnoser]
public class BlockListBenchmarks
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private BlockList _list = new(1);
    private IPAddress[] _blocked = [];
    private int _next;

    [Params(1_000, 100_000, 1_000_000)]
    public int Blocks { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _list = new BlockList(Blocks + 1);
        _blocked = Keys.Shuffled(Blocks, Keys.Address);
        for (var i = 0; i < Blocks; i++)
            _list.Add(new Block(HostKey.NetworkOf(_blocked[i]), Start, Start.AddSeconds(i + 1), 4, "benchmark"));
    }

    [Benchmark]
    public bool Contains() => _list.Covers(HostKey.Of(_blocked[_next = (_next + 1) % Blocks]));

    /// <summary>The host that is released is blocked again, behind all others: a block of its own is allocated.</summary>
    [Benchmark]
    public int ExpireAndAdd()
    {
        _list.TryExpire(_list.NextEnd!.Value, out var expired);
        _list.Add(expired! with { Until = expired.Until.AddSeconds(Blocks) });
        return _list.Count;
    }
}
