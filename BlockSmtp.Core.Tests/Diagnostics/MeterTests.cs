using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using BlockSmtp.Policies;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Diagnostics;

/// <summary>The meter of a running engine.</summary>
public sealed class MeterTests
{
    private const string Host = "203.0.113.20";

    private ReadMeters _meters = null!;

    [SetUp]
    public void Listen() => _meters = new ReadMeters();

    [TearDown]
    public void Hush() => _meters.Dispose();

    [Test]
    public async Task Tells_what_was_read_and_decided()
    {
        await using var engine = new RunningEngine(options => options.MeterFactory = _meters);

        await engine.Log.WriteAsync(new LogText().Unknown(7, 5).End(7, Host).Unknown(8, 1));
        await engine.Firewall.UntilBlocked(Host);

        var values = _meters.Read();
        values["blocksmtp.log.lines"].Should().Be(7);
        values["blocksmtp.log.bytes"].Should().BeGreaterThan(400);
        values["blocksmtp.log.last_read.timestamp"].Should().Be(engine.Time.GetUtcNow().ToUnixTimeSeconds());
        values["blocksmtp.offenses"].Should().Be(6);
        values["blocksmtp.transactions.tracked"].Should().Be(1);
        values["blocksmtp.blocks{reason=policy}"].Should().Be(1);
        values["blocksmtp.blocks.active"].Should().Be(1);
        values["blocksmtp.releases{reason=expired}"].Should().Be(0);

        engine.Time.Advance(TimeSpan.FromHours(3));
        await engine.Firewall.UntilBlocked();

        values = _meters.Read();
        values["blocksmtp.blocks.active"].Should().Be(0);
        values["blocksmtp.releases{reason=expired}"].Should().Be(1);
    }

    [Test]
    public async Task Tells_how_each_look_up_ended()
    {
        var answers = new Queue<PeerLookupResult>(
            [PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess), PeerLookupResult.Found(System.Net.IPAddress.Parse(Host))]);
        await using var engine = new RunningEngine(options =>
            (options.MeterFactory, options.PeerLookup) = (_meters, new ScriptedPeers(answers)));

        await engine.Log.WriteAsync(new LogText().Unknown(7, 1).Unknown(8, 1));

        var values = _meters.Read();
        values["blocksmtp.peer.lookups{outcome=no_process}"].Should().Be(1);
        values["blocksmtp.peer.lookups{outcome=found}"].Should().Be(1);
        values["blocksmtp.peer.lookups{outcome=not_permitted}"].Should().Be(0);
    }

    [Test]
    public async Task The_reaction_takes_from_the_line_to_the_answer_of_the_firewall()
    {
        await using var engine = new RunningEngine(options => options.MeterFactory = _meters);
        engine.Firewall.Failing = 1;

        await engine.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await Eventually.IsTrue(() => _meters.Read()["blocksmtp.firewall.failures{call=apply}"] == 1, "the failure is counted");
        _meters.Durations("blocksmtp.reaction.duration").Should().BeEmpty("the host is not dropped yet");
        await Eventually.IsTrue(
            () =>
            {
                engine.Time.Advance(TimeSpan.FromSeconds(0.5));
                return engine.Firewall.Blocked.Count == 1 && _meters.Durations("blocksmtp.reaction.duration").Count == 1;
            },
            "the second attempt works");

        _meters.Durations("blocksmtp.reaction.duration").Should().ContainSingle().Which.Should().BeGreaterThanOrEqualTo(0.5);
        _meters.Durations("blocksmtp.firewall.call.duration{call=apply}").Should().ContainSingle();
        _meters.Durations("blocksmtp.firewall.call.duration{call=start}").Should().HaveCount(2, "the first start and the repair");
    }

    [Test]
    public async Task Labels_are_a_few_words_and_never_an_address()
    {
        await using var engine = new RunningEngine(options => options.MeterFactory = _meters);
        await engine.Log.WriteAsync(new LogText().Unknown(7, 5).End(7, Host).Unknown(8, 4).End(8, "IPv6:2001:db8:0:0:0:0:a:21"));
        await engine.Firewall.UntilBlocked(Host, "2001:db8::a:21");

        var names = _meters.Read().Keys;

        foreach (var (name, values) in new[]
        {
            ("releases", Enum.GetNames<ReleaseReason>()), ("sessions.ended", Enum.GetNames<SessionEnd>()),
            ("peer.lookups", Enum.GetNames<PeerLookupOutcome>())
        })
            names.Count(read => read.StartsWith($"blocksmtp.{name}{{", StringComparison.Ordinal))
                .Should().Be(values.Length, "each has a word of its own");
        names.Should().HaveCountGreaterThan(20).And.HaveCountLessThan(60);
        names.Should().OnlyContain(name =>
            System.Text.RegularExpressions.Regex.IsMatch(name, @"^blocksmtp(\.[a-z_]+)+(\{[a-z]+=[a-z_]+\})?$"));
    }

    [Test]
    public async Task Each_instrument_is_on_the_page_with_its_unit_and_the_words_of_its_labels()
    {
        await using var engine = new RunningEngine(options => options.MeterFactory = _meters);
        await engine.Log.WriteAsync(new LogText().Unknown(7, 1));

        var page = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "metrics.md"));
        var rows = page.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();

        rows.Select(row => row.Split('`')[1]).Should().BeEquivalentTo(_meters.Instruments.Select(instrument => instrument.Name));
        foreach (var instrument in _meters.Instruments)
        {
            var kind = instrument is Histogram<double> ? "histogram" : instrument is ObservableCounter<long> ? "counter" : "gauge";
            var unit = instrument.Unit!.StartsWith('{') ? "" : $", {instrument.Unit}";
            rows.Should().Contain(row => row.StartsWith($"| `{instrument.Name}` | {kind}{unit} |"));
            instrument.Description.Should().NotBeNullOrEmpty();
        }

        foreach (var word in _meters.Read().Keys.Where(name => name.Contains('=')).Select(name => name.Split('=')[1].TrimEnd('}')))
            string.Concat(rows).Should().Contain($"`{word}`");
    }

    [Test]
    public async Task Who_asked_for_a_block_is_told_apart()
    {
        await using var engine = new RunningEngine(options => options.MeterFactory = _meters);
        await engine.Engine.BlockAsync(System.Net.IPNetwork.Parse("198.51.100.0/24"), TimeSpan.FromHours(1), "a test");

        _meters.Read().Should().Contain("blocksmtp.blocks{reason=operator}", 1).And.Contain("blocksmtp.blocks{reason=policy}", 0);
        _meters.Durations("blocksmtp.reaction.duration").Should().BeEmpty("no line has asked for it");
    }

    [Test]
    public async Task A_block_of_an_earlier_run_is_told_apart()
    {
        var store = new MemoryBlockStore();
        await using (var first = new RunningEngine(options => options.Store = store))
        {
            await first.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
            await first.Firewall.UntilBlocked(Host);
        }

        await using var second = new RunningEngine(options => (options.Store, options.MeterFactory) = (store, _meters));
        await second.Firewall.UntilBlocked(Host);

        _meters.Read().Should().Contain("blocksmtp.blocks{reason=restored}", 1).And.Contain("blocksmtp.blocks{reason=policy}", 0)
            .And.Contain("blocksmtp.blocks.active", 1);
        _meters.Durations("blocksmtp.reaction.duration").Should().BeEmpty("no line has asked for it");
    }

    [Test]
    public async Task An_engine_takes_its_own_meter_away_when_it_stops()
    {
        var (seen, gone) = (new List<Meter>(), new List<Meter>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name != "BlockSmtp")
                    return;
                seen.Add(instrument.Meter);
                listener.EnableMeasurementEvents(instrument);
            },
            MeasurementsCompleted = (instrument, _) => gone.Add(instrument.Meter),
        };
        listener.Start();
        await using (var engine = new RunningEngine())
            await engine.Log.WriteAsync(new LogText().Unknown(7, 1));

        seen.Should().NotBeEmpty();
        gone.Should().BeEquivalentTo(seen);
    }

    [Test]
    public async Task A_line_that_does_not_matter_costs_the_engine_no_memory_while_it_is_measured()
    {
        var noise = new LogText();
        for (var i = 0; i < 1000; i++)
            noise.Line(i, "to=<alice@example.org>, delay=00:00:00, mailer=local, dsn=2.0.0, stat=Sent").End(i, "198.51.100.10");
        var source = new MeasuredLogSource(Encoding.ASCII.GetBytes(noise.ToString()));
        var engine = new DetectionEngine(
            source, new CountPolicy(), new MemoryFirewall(), options: new DetectionEngineOptions { MeterFactory = _meters });

        await engine.RunAsync(CancellationToken.None);

        // 100,000 lines in 50 chunks; a few thousand bytes are the runtime's own, now and then.
        source.Allocated.Should().BeLessThan(10_000);
    }

    private sealed class ScriptedPeers(Queue<PeerLookupResult> answers) : IPeerLookup
    {
        public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore) => answers.Dequeue();
    }

    /// <summary>Hands the same lines out again and again, and measures what the reader has allocated meanwhile.</summary>
    private sealed class MeasuredLogSource(byte[] lines) : ILogSource
    {
        public long Allocated { get; private set; }

        public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            for (var i = 0; i < 10; i++)
                yield return new LogChunk(lines);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++)
                yield return new LogChunk(lines);
            Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
