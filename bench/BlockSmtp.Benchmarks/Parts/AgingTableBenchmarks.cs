using BenchmarkDotNet.Attributes;
using BlockSmtp.Collections;

namespace BlockSmtp.Benchmarks.Parts;

/// <summary>The table under the others, full: an entry is used, and a new one takes the place of the oldest.</summary>
[MemoryDiagnoser]
public class AgingTableBenchmarks
{
    private AgingTable<long, long> _table = new(1);
    private long[] _known = [];
    private int _next;
    private long _new;

    [Params(1_000, 100_000, 1_000_000)]
    public int Entries { get; set; }

    [GlobalSetup(Target = nameof(TouchKnown))]
    public void SetUpKnown()
    {
        _table = new AgingTable<long, long>(Entries);
        _known = Keys.Shuffled(Entries, i => (long)i);
        foreach (var key in _known)
            _table.Touch(key, out _, out _);
    }

    [GlobalSetup(Target = nameof(TouchNew))]
    public void SetUpNew()
    {
        SetUpKnown();
        _new = Entries;
    }

    [Benchmark]
    public long TouchKnown() => ++_table.Touch(_known[_next = (_next + 1) % Entries], out _, out _);

    [Benchmark]
    public bool TouchNew()
    {
        _table.Touch(_new++, out var added, out _) = 1;
        return added;
    }
}
