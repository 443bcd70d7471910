using System.Net;
using BenchmarkDotNet.Attributes;

namespace BlockSmtp.Benchmarks.Parts;

/// <summary>A host is looked up among so many networks of five sizes.</summary>
[MemoryDiagnoser]
public class WhiteListBenchmarks
{
    private static readonly int[] Lengths = [32, 24, 28, 30, 16];

    private WhiteList _list = WhiteList.Empty;
    private IPAddress[] _trusted = [];
    private IPAddress[] _others = [];
    private int _next;

    [Params(1_000, 100_000, 1_000_000)]
    public int Networks { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _list = new WhiteList(Enumerable.Range(0, Networks).Select(Network));
        _trusted = Keys.Shuffled(Networks, i => Network(i).BaseAddress);
        _others = Keys.Shuffled(Networks, i => new IPAddress([198, (byte)(i >> 16), (byte)(i >> 8), (byte)i]));
    }

    [Benchmark]
    public bool Trusted() => _list.TryFind(_trusted[_next = (_next + 1) % Networks], out _);

    [Benchmark]
    public bool NotTrusted() => _list.TryFind(_others[_next = (_next + 1) % Networks], out _);

    private static IPNetwork Network(int number)
    {
        var length = Lengths[number % Lengths.Length];
        var bits = (10u << 24) + ((uint)number * 16);
        bits &= uint.MaxValue << (32 - length);
        return new IPNetwork(new IPAddress([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]), length);
    }
}
