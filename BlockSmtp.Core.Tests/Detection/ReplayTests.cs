using System.Net;
using System.Text;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Fixtures;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Detection;

/// <summary>From lines to verdicts, with the clock of the log.</summary>
public sealed class ReplayTests
{
    private const string Host = "203.0.113.20";
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Offenses_wait_for_the_line_that_names_their_client()
    {
        var log = new LogText().Unknown(7, 4).At("18:00:09").End(7, Host);

        var seen = await Replay(log);

        seen.Should().Equal($"18:00:09 block {Host} 4 until 21:00:09");
    }

    [Test]
    public async Task A_recipient_that_looks_like_the_end_of_a_transaction_does_not_end_it()
    {
        var log = new LogText().Unknown(7, 4).Line(7, "from=<... Unbalanced '<'").End(7, Host);

        (await Replay(log)).Should().ContainSingle().Which.Should().Contain(Host);
    }

    [Test]
    public async Task The_flood_line_names_the_client_before_the_end()
    {
        var log = new LogText().Unknown(7, 3).At("18:00:05").Line(7, $"[{Host}]: Possible SMTP RCPT flood, throttling.").At("18:00:06")
            .Unknown(7, 1);

        (await Replay(log)).Should().Equal($"18:00:06 block {Host} 4 until 21:00:06");
    }

    [Test]
    public async Task A_connect_line_names_the_client_of_its_process()
    {
        var log = new LogText().Raw(7, $"NOQUEUE: connect from [{Host}]").Unknown(7, 2).End(7, Host).Unknown(7, 2, "6ANHntrV");

        (await Replay(log)).Should().ContainSingle().Which.Should().StartWith($"18:00:03 block {Host} 4");
    }

    [Test]
    public async Task A_connect_line_says_nothing_of_a_process_after_the_daemon_has_started_anew()
    {
        var log = new LogText().Raw(7, "NOQUEUE: connect from [198.51.100.10]").Raw(3, "starting daemon (8.17.1.9): SMTP+queueing@00:10:00")
            .Unknown(7, 4).End(7, Host);

        (await Replay(log)).Should().ContainSingle().Which.Should().Contain(Host);
    }

    [Test]
    public async Task A_process_number_that_is_used_again_is_another_session()
    {
        var log = new LogText().Unknown(7, 3).End(7, Host).Unknown(7, 3, "6ANHzzzz").End(7, "198.51.100.10", "6ANHzzzz");

        (await Replay(log)).Should().BeEmpty();
    }

    [Test]
    public async Task Several_connections_of_one_host_add_up()
    {
        var log = new LogText();
        for (var pid = 1; pid <= 4; pid++)
            log.Unknown(pid, 1).End(pid, Host);

        (await Replay(log)).Should().ContainSingle();
    }

    [Test]
    public async Task Two_mail_servers_in_one_log_are_told_apart()
    {
        var log = new LogText().Unknown(7, 3).On("mail2").Unknown(7, 3).End(7, "198.51.100.10").On("mail1").End(7, Host);

        (await Replay(log)).Should().BeEmpty();
    }

    [Test]
    public async Task Offending_while_blocked_extends_nothing_and_offending_after_release_blocks_again()
    {
        var log = new LogText().Unknown(7, 4).End(7, Host).At("18:30:00").Unknown(8, 9).End(8, Host).At("21:00:04").Unknown(9, 4).End(
            9, Host);

        (await Replay(log)).Should().Equal(
            $"18:00:03 block {Host} 4 until 21:00:03",
            $"21:00:03 unblock {Host} Expired",
            $"21:00:04 block {Host} 4 until 00:00:04");
    }

    [Test]
    public async Task A_trusted_host_is_ignored_and_told_of_once_per_block_time()
    {
        var log = new LogText().Unknown(7, 4).End(7, "10.1.2.3").Unknown(8, 40).End(8, "10.1.2.3");
        var options = new ReplayOptions { WhiteList = new WhiteList([IPNetwork.Parse("10.0.0.0/8")]) };

        (await Replay(log, options)).Should().Equal("18:00:03 ignore 10.1.2.3 4 white-listed by 10.0.0.0/8");
    }

    [TestCase("127.0.0.1")]
    [TestCase("IPv6:::1")]
    [TestCase("10.100.10.200")]
    public async Task The_mail_server_itself_is_never_blocked(string own)
    {
        var options = new ReplayOptions { OwnAddresses = [IPAddress.Parse("10.100.10.200")] };

        (await Replay(new LogText().Unknown(7, 9).End(7, own), options))
            .Should().ContainSingle().Which.Should().Contain("ignore").And.Contain("itself");
    }

    [Test]
    public async Task Probes_count_only_when_they_are_asked_to()
    {
        var log = new LogText();
        for (var i = 0; i < 4; i++)
            log.Line(7, $"[{Host}]: VRFY name{i}");

        (await Replay(log)).Should().BeEmpty();
        (await Replay(log, new ReplayOptions { CountProbes = true })).Should().ContainSingle();
    }

    [Test]
    public async Task Offenses_without_a_client_are_counted_as_unresolved()
    {
        var summary = await Run(new LogText().Unknown(7, 5), null);

        summary.Counters.Offenses.Should().Be(5);
        summary.Counters.Unresolved.Should().Be(5);
        summary.Hosts.Should().BeEmpty();
    }

    [Test]
    public async Task The_table_of_sessions_is_bounded_and_what_it_loses_is_counted()
    {
        var log = new LogText();
        for (var pid = 1; pid <= 100; pid++)
            log.Unknown(pid, 1);

        var summary = await Run(log.End(1, Host).End(100, Host), new ReplayOptions { MaxTransactions = 10 });

        summary.Counters.Unresolved.Should().Be(99);
        summary.Hosts.Single().Offenses.Should().Be(1);
    }

    [Test]
    public async Task A_stamp_of_a_day_that_does_not_exist_is_skipped_and_counted()
    {
        var log = new LogText().On("mail1").Day("Feb 30").Unknown(7, 5).Day("Nov 23").Unknown(7, 4).End(7, Host);

        var summary = await Run(log, null);

        summary.Counters.Ambiguous.Should().Be(5);
        summary.Counters.Offenses.Should().Be(4);
        summary.Blocked.Should().Be(1);
    }

    [Test]
    public async Task Without_a_year_it_is_the_latest_that_is_not_in_the_future()
    {
        var log = new LogText().Day("Dec 31").Unknown(7, 4).End(7, Host).Day("Jan  1").Unknown(8, 4).End(8, "203.0.113.21");

        var seen = new List<DateTimeOffset>();
        await Run(log, new ReplayOptions { TimeZone = TimeZoneInfo.Utc, Observer = new BlockTimes(seen) });

        seen.Should().Equal(
            new DateTimeOffset(2025, 12, 31, 18, 0, 3, TimeSpan.Zero), new DateTimeOffset(2026, 1, 1, 18, 0, 3, TimeSpan.Zero));
    }

    [Test]
    public async Task Crlf_nul_bytes_and_garbage_between_the_lines_do_no_harm()
    {
        var text = new LogText().Unknown(7, 2).ToString().Replace("\n", "\r\n", StringComparison.Ordinal) + "\0\0\0\0" +
            new LogText().Unknown(7, 2) + "\u00ff\u00fe garbage \n\n\n" + new LogText().End(7, Host).ToString().TrimEnd();

        (await Replay(Encoding.Latin1.GetBytes(text))).Should().ContainSingle();
    }

    [Test]
    public void However_the_bytes_are_cut_into_chunks_the_events_are_the_same()
    {
        var log = Encoding.ASCII.GetBytes(new LogText().Unknown(7, 4).End(7, Host).Unknown(8, 3).End(8, "203.0.113.21").Unknown(9, 5)
            .Line(9, "[203.0.113.22] did not issue MAIL").ToString());
        var whole = Replay(log).Result;
        whole.Should().HaveCount(2);
        Gen.Int[1, log.Length].Array[0, 20].Sample(cuts =>
            Replay(new MemoryLogSource(log, cuts)).Result.Should().Equal(whole), iter: 200);
    }

    [Test]
    public void Random_bytes_are_no_reason_to_fail() =>
        Gen.Byte.Array[0, 2000].Sample(bytes => Replay(bytes).Result.Should().BeEmpty(), iter: 200);

    [Test]
    public async Task A_line_that_does_not_matter_allocates_nothing()
    {
        var noise = new LogText();
        for (var i = 0; i < 5000; i++)
        {
            noise.Line(i, $"to=<alice@example.org>, delay=00:00:00, mailer=local, dsn=2.0.0, stat=Sent").End(i, "198.51.100.10")
                .Raw(i, "STARTTLS=server, relay=[198.51.100.10], version=TLSv1.3, verify=NO, cipher=X, bits=256/256");
        }

        var little = await Measure(new LogText());
        var much = await Measure(noise);

        // 15,000 lines: were it one byte a line, it would show. A few thousand bytes are the runtime's own, now and then.
        (much - little).Should().BeLessThan(10_000);

        static async Task<long> Measure(LogText log)
        {
            var source = new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString()));
            await Run(source, null);
            var before = GC.GetAllocatedBytesForCurrentThread();
            await Run(source, null);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [TestCase(true, 4)]
    [TestCase(false, 0)]
    public async Task An_observer_is_told_of_offenses_only_if_it_wants_them(bool wants, int told)
    {
        var seen = new OffenseCount { WantsOffenses = wants };

        await Run(new LogText().Unknown(7, 4).End(7, Host), new ReplayOptions { Observer = seen });

        seen.Count.Should().Be(told);
    }

    [TestCase(13, "2027-01-01 01:10")]
    [TestCase(0, "2026-01-01 01:10")]
    public async Task The_year_is_the_latest_that_is_not_in_the_future_where_the_log_was_written(int hoursEast, string time)
    {
        List<DateTimeOffset> seen = [];
        var zone = TimeZoneInfo.CreateCustomTimeZone("there", TimeSpan.FromHours(hoursEast), "there", "there");
        var log = new LogText().Day("Jan  1").At("01:10:00").Unknown(7, 4).End(7, Host);

        await new LogReplay(
            new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString())),
            new CountPolicy(),
            new ReplayOptions { TimeZone = zone, Observer = new BlockTimes(seen) },
            new FakeTimeProvider(new DateTimeOffset(2026, 12, 31, 12, 30, 0, TimeSpan.Zero))).RunAsync();

        seen.Should().Equal(
            new DateTimeOffset(DateTime.Parse(time, System.Globalization.CultureInfo.InvariantCulture), zone.BaseUtcOffset));
    }

    private static async Task<List<string>> Replay(LogText log, ReplayOptions? options = null) =>
        await Replay(new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString())), options);

    private static async Task<List<string>> Replay(byte[] log) => await Replay(new MemoryLogSource(log));

    private static async Task<List<string>> Replay(ILogSource source, ReplayOptions? options = null)
    {
        var seen = new SeenDecisions();
        options ??= new ReplayOptions();
        options.Observer = seen;
        await Run(source, options);
        return seen.Lines;
    }

    private static Task<ReplaySummary> Run(LogText log, ReplayOptions? options) =>
        Run(new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString())), options);

    private static Task<ReplaySummary> Run(ILogSource source, ReplayOptions? options)
    {
        options ??= new ReplayOptions();
        options.TimeZone = TimeZoneInfo.Utc;
        return new LogReplay(source, new CountPolicy(), options, new FakeTimeProvider(Now)).RunAsync();
    }

    private sealed class OffenseCount : IEngineObserver
    {
        public required bool WantsOffenses { get; init; }

        public int Count { get; private set; }

        public void OnOffense(in Offense offense) => Count++;
    }

    private sealed class BlockTimes(List<DateTimeOffset> seen) : IEngineObserver
    {
        public void OnBlocked(Block block) => seen.Add(block.Since);
    }
}
