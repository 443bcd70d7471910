using System.Net;
using BenchmarkDotNet.Attributes;
using BlockSmtp.Policies;

namespace BlockSmtp.Benchmarks.Parts;

/// <summary>An offense of one of so many hosts is judged; each fourth of a host blocks it.</summary>
[MemoryDiagnoser]
public class CountPolicyBenchmarks
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private CountPolicy _policy = new();
    private IPAddress[] _hosts = [];
    private int _next;

    [Params(1_000, 100_000, 1_000_000)]
    public int Hosts { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _policy = new CountPolicy(new CountPolicyOptions { MaxHosts = Hosts });
        _hosts = Keys.Shuffled(Hosts, Keys.Address);
        foreach (var host in _hosts)
            _policy.Judge(new Offense(host, Start, OffenseKind.UnknownRecipient));
    }

    [Benchmark]
    public bool Judge()
    {
        var host = _hosts[_next = (_next + 1) % Hosts];
        return _policy.Judge(new Offense(host, Start, OffenseKind.UnknownRecipient)).IsBlock;
    }
}
