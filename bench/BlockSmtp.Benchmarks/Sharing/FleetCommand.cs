using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;
using BlockSmtp.Fleet;

namespace BlockSmtp.Benchmarks.Sharing;

/// <summary>
/// How soon a block is heard by other hosts of a fleet, how many facts a second it takes, and what that costs this process, in which
/// all hosts are, and the server.
/// </summary>
internal sealed class FleetCommand(Arguments arguments)
{
    private const int Blocks = 1_000;
    private const int FactsASecond = 20_000;
    private static readonly TimeSpan FactsFor = TimeSpan.FromSeconds(5);

    private readonly string _server = arguments.Text("server");
    private readonly int _serverProcess = arguments.Number("server-process", 0);
    private readonly Report _report = new("bench/fleet");

    public async Task<int> RunAsync()
    {
        _report.Line("### A fleet over redis-server\n");
        await MeasureBlocksAsync();
        await MeasureFactsAsync();
        await MeasureHostsAsync();
        if (arguments.Text("against", "") is { Length: > 0 } others)
            _report.Show(new AloneRace(Programs.From(arguments), others.Split(',')).Run());
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return 0;
    }

    private async Task MeasureBlocksAsync()
    {
        await using var one = Join("mx1");
        await using var two = Join("mx2");
        var heard = await ListenAsync(two, one);
        var calls = Calls();
        var said = new Dictionary<IPNetwork, long>();
        for (var i = 0; i < Blocks; i++)
        {
            var network = new IPNetwork(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]), 32);
            said[network] = Stopwatch.GetTimestamp();
            one.Announce(Block(network));
            await Task.Delay(5);
        }

        await UntilAsync(() => heard.Count >= Blocks);
        var times = heard.Where(word => said.ContainsKey(word.Word.Network))
            .Select(word => Stopwatch.GetElapsedTime(said[word.Word.Network], word.At).TotalMilliseconds)
            .ToArray();
        var table = new Table("a block, from one host to another", "median", "p99", "max", "calls of the server each");
        table.Add(
            Text($"{Blocks:N0} blocks, one after the other"),
            Ms(times.Median()),
            Ms(times.Percentile(99)),
            Ms(times.Max()),
            Text($"{(Calls() - calls) / (double)Blocks:0.0}"));
        _report.Show(table);
    }

    private async Task MeasureFactsAsync()
    {
        await using var one = Join("mx1");
        await using var two = Join("mx2");
        var heard = await ListenAsync(two, one);
        var (calls, own, server, start) = (Calls(), Cpu(Environment.ProcessId), Cpu(_serverProcess), Stopwatch.GetTimestamp());
        var sent = new ConcurrentDictionary<ulong, long>();
        ulong number = 0;
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < FactsFor)
        {
            for (var due = (ulong)(elapsed.TotalSeconds * FactsASecond); number < due;)
            {
                if (++number % 100 == 0)
                    sent[number] = Stopwatch.GetTimestamp();
                one.Announce(
                    new FleetWord("", FleetWordKind.Offense, new IPNetwork(new IPAddress([10, 2, (byte)(number >> 8), (byte)number]), 32))
                    {
                        Transaction = number,
                        Recipient = "<someone@example.org>",
                    });
            }

            await Task.Delay(2);
        }

        await UntilAsync(() => (ulong)heard.Count >= number - (ulong)one.Status.Dropped);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var times = heard.Where(word => sent.ContainsKey(word.Word.Transaction))
            .Select(word => Stopwatch.GetElapsedTime(sent[word.Word.Transaction], word.At).TotalMilliseconds)
            .ToArray();
        var table = new Table(
            "facts, from one host to another", "heard a second", "given up", "median", "p99", "CPU of both hosts", "of the server",
            "calls a fact");
        table.Add(
            Text($"{FactsASecond:N0} a second offered"), Text($"{heard.Count / seconds:N0}"), Text($"{one.Status.Dropped:N0}"),
            Ms(times.Median()), Ms(times.Percentile(99)),
            Text($"{(Cpu(Environment.ProcessId) - own) / seconds:P0}"), Text($"{(Cpu(_serverProcess) - server) / seconds:P0}"),
            Text($"{(Calls() - calls) / (double)number:0.00}"));
        _report.Show(table);
    }

    private async Task MeasureHostsAsync()
    {
        var table = new Table(
            "hosts", "median until the last has heard", "p99", "calls of the server a block", "calls a second while quiet",
            "memory of this process", "of the server");
        foreach (var hosts in new[] { 3, 10, 30, 100 })
        {
            var all = Enumerable.Range(0, hosts).Select(i => Join(Text($"mx{i}"))).ToArray();
            var heard = await Task.WhenAll(all.Skip(1).Select(fleet => ListenAsync(fleet, all[0])));
            await Task.Delay(3_000);
            var quiet = Calls();
            await Task.Delay(10_000);
            quiet = Calls() - quiet;
            var (calls, times) = (Calls(), new List<double>());
            for (var i = 0; i < 100; i++)
            {
                var network = new IPNetwork(new IPAddress([10, 3, (byte)hosts, (byte)i]), 32);
                var start = Stopwatch.GetTimestamp();
                all[0].Announce(Block(network));
                await UntilAsync(() => heard.All(words => words.Any(word => word.Word.Network.Equals(network))));
                times.Add(heard.Max(words =>
                    Stopwatch.GetElapsedTime(start, words.First(word => word.Word.Network.Equals(network)).At).TotalMilliseconds));
            }

            table.Add(
                Text($"{hosts}"), Ms(times.Median()), Ms(times.Percentile(99)), Text($"{(Calls() - calls) / 100.0:0}"),
                Text($"{quiet / 10.0:0}"), Text($"{Memory(Environment.ProcessId):0} MB"), Text($"{Memory(_serverProcess):0} MB"));
            foreach (var fleet in all)
                await fleet.DisposeAsync();
        }

        _report.Show(table);
    }

    private RedisFleet Join(string node) =>
        new(new RedisFleetOptions { Servers = [_server], Node = node, Name = "bench", Timeout = TimeSpan.FromSeconds(10) });

    /// <summary>Has a host listen, and another say something to it, so that both are known to be there.</summary>
    private static async Task<ConcurrentQueue<(FleetWord Word, long At)>> ListenAsync(RedisFleet fleet, RedisFleet other)
    {
        var heard = new ConcurrentQueue<(FleetWord, long)>();
        _ = Task.Run(async () =>
        {
            await foreach (var words in fleet.ListenAsync(default))
            {
                var now = Stopwatch.GetTimestamp();
                foreach (var word in words)
                    heard.Enqueue((word, now));
            }
        });
        await UntilAsync(() => fleet.Status.IsConnected && other.Status.IsConnected);
        await Task.Delay(500);
        heard.Clear();
        return heard;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var start = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(1))
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1))
                throw new TimeoutException("the fleet did not do within a minute what was measured");
        }
    }

    private static FleetWord Block(IPNetwork network) => new("", FleetWordKind.Block, network)
    {
        Left = TimeSpan.FromMinutes(10),
        Offenses = 4,
        Reason = "4 wrong names within 1d, 0 recipients delivered to",
    };

    /// <summary>How many commands the server has carried out.</summary>
    private long Calls()
    {
        using var asking = Process.Start(
            new ProcessStartInfo("redis-cli", ["-s", _server, "INFO", "stats"]) { RedirectStandardOutput = true })!;
        var line = asking.StandardOutput.ReadToEnd().Split('\n').First(line =>
            line.StartsWith("total_commands_processed:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Trim(), CultureInfo.InvariantCulture);
    }

    private static double Cpu(int process)
    {
        using var seen = Process.GetProcessById(process);
        return seen.TotalProcessorTime.TotalSeconds;
    }

    private static double Memory(int process)
    {
        using var seen = Process.GetProcessById(process);
        return seen.WorkingSet64 / 1048576.0;
    }

    private static string Ms(double milliseconds) => Text($"{milliseconds:0.0} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
