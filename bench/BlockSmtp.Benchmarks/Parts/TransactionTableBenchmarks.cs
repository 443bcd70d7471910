using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using BlockSmtp.Grammars;
using BlockSmtp.Transactions;

namespace BlockSmtp.Benchmarks.Parts;

/// <summary>A transaction with an offense begins and ends while so many others are open.</summary>
[MemoryDiagnoser]
public class TransactionTableBenchmarks
{
    private TransactionTable _table = new(1);
    private TransactionKey[] _open = [];
    private TransactionKey[] _new = [];
    private int _next;

    [Params(1_000, 100_000, 1_000_000)]
    public int Open { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _table = new TransactionTable(2 * Open);
        var all = Keys.Shuffled(2 * Open, Keys.Session);
        (_open, _new) = (all[..Open], all[Open..]);
        foreach (var key in _open)
            _table.Touch(key, 0, out _);
    }

    [Benchmark]
    public bool KnownTransaction() => !Unsafe.IsNullRef(ref _table.Find(_open[_next = (_next + 1) % Open]));

    [Benchmark]
    public int OffenseAndEnd()
    {
        var key = _new[_next = (_next + 1) % Open];
        _table.Touch(key, 1, out var lost).Waiting = 0;
        _table.Remove(key);
        return lost;
    }
}
