using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using BlockSmtp.Engine;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Policies;
using BlockSmtp.Reading;
using BlockSmtp.Replay;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;
using BlockSmtp.Tests.Fixtures;
using BlockSmtp.Transactions;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Detection;

/// <summary>No line ends the engine, and an engine that ends by a failure lets nobody in.</summary>
public sealed class BadLineTests
{
    private const string Host = "203.0.113.20";
    private const string Other = "203.0.113.21";

    [Test]
    public async Task A_line_at_which_reading_fails_is_left_out_and_the_next_counts()
    {
        await using var running = new RunningEngine(logger: new Stumbler(Other));
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Other).Unknown(8, 4).End(8, Host));

        await running.Firewall.UntilBlocked(Host);

        running.Engine.Counters.UnreadableLines.Should().Be(1, "the first line that names the host");
    }

    [Test]
    public async Task A_failure_that_ends_the_engine_leaves_its_rules_in_force()
    {
        var firewall = new MemoryFirewall();
        var engine = new DetectionEngine(new BrokenLog(firewall), new CountPolicy(), firewall);

        await FluentActions.Awaiting(() => engine.RunAsync(default).WaitAsync(TimeSpan.FromSeconds(30))).Should().ThrowAsync<IOException>();

        firewall.Blocked.Should().Equal(Host);
        firewall.IsStopped.Should().BeFalse();
    }

    [Test]
    public async Task A_line_is_told_with_its_bytes_escaped_and_not_in_full()
    {
        await using var running = new RunningEngine();
        var troubles = new LineTroubles(running.Events, running.Time);

        troubles.OnUnreadable([.. "a\\b\u001b[31m\u00e9"u8, .. new byte[300]], new FormatException("bad \u0007"), 1);

        running.Events.Entries.Should().ContainSingle(entry => entry.Id == 1060).Which.Message.Should()
            .Contain(@"(FormatException: bad \x07): a\x5cb\x1b[31m\xc3\xa9\x00").And.EndWith(@"\x00... (310 bytes)");
    }

    [Test]
    public void Whatever_a_grammar_throws_at_the_other_lines_are_read()
    {
        var options = new DetectionEngineOptions();
        var lines = new SyslogLineParser(null, options.SyslogNames);
        var sink = new ReplayTally(null, null, false);
        var joiner = new TransactionJoiner(
            options, lines, new ArrivalClock(TimeProvider.System), null, new Judgement(new CountPolicy(), options, sink));
        Hostile.Read = 0;
        var reader = new LineReader<Hostile>(lines, joiner, new RefusalTexts([]));
        var text = new LogText();
        for (var i = 0; i < 300; i++)
            text.Raw(7, i % 3 == 0 ? "bad" : "good");

        reader.Read(new LogChunk(Encoding.ASCII.GetBytes(text.ToString() + "Nov 23 18:00:03 mail1 sm-mta[7]: bad")));

        var counters = reader.AddTo(new EngineCounters());
        (counters.Lines, counters.UnreadableLines, Hostile.Read).Should().Be((301L, 101L, 200));
    }

    [TestCase(0, 0)]
    [TestCase(1, 0)]
    [TestCase(2, 0)]
    [TestCase(3, 1)]
    public async Task A_line_at_which_the_last_three_runs_died_is_left_out(int deaths, int leftOut)
    {
        using var folder = new TemporaryFolder();
        var file = folder["line"];
        for (var run = 0; run < deaths; run++)
        {
            using var dying = new LineInHand();
            dying.TryOpen(file).Should().BeNull();
            dying.TryTake(Encoding.ASCII.GetBytes(new LogText().Unknown(7, 1).ToString().TrimEnd('\n'))).Should().BeTrue();
            // What a process leaves behind that is killed now.
            File.Copy(file, file + ".left", overwrite: true);
            dying.Dispose();
            File.Copy(file + ".left", file, overwrite: true);
        }

        (await UnreadableAsync(file)).Should().Be(leftOut, "one death may have been SIGKILL, and a guess must not be lost");
    }

    private static async Task<long> UnreadableAsync(string file)
    {
        await using var running = new RunningEngine(options => options.LineFile = file);
        await running.Log.WriteAsync(new LogText().Unknown(7, 1));
        running.Engine.Counters.Lines.Should().Be(1);
        var count = running.Engine.Counters.UnreadableLines;
        running.Events.Entries.Count(entry => entry.Id == 1060 && entry.Message.Contains("have died at it", StringComparison.Ordinal))
            .Should().Be((int)count);
        return count;
    }

    private readonly struct Hostile : IMailGrammar
    {
        public static int Read { get; set; }

        public static LineBearing Look(ReadOnlySpan<byte> message, LogProgram program, RefusalTexts refusals) => LineBearing.Alone;

        static void IMailGrammar.Read(scoped in SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, out MailEvent read)
        {
            if (line.Message.SequenceEqual("bad"u8))
                throw new InvalidDataException();
            Read++;
            read = default;
        }

        public static bool TryReadRelay(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address)
        {
            address = default;
            return false;
        }
    }

    /// <summary>A log of one's own that fails at one word.</summary>
    private sealed class Stumbler(string word) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).StartsWith($"offense of {word}", StringComparison.Ordinal))
                throw new InvalidOperationException("a defect");
        }
    }

    private sealed class BrokenLog(MemoryFirewall firewall) : ILogSource
    {
        public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var now = DateTime.Now.ToString("MMM dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
            var text = new LogText().Day(now[..6]).At(now[7..]).Unknown(7, 4).End(7, Host);
            yield return new LogChunk(Encoding.ASCII.GetBytes(text.ToString()));
            await firewall.UntilBlocked(Host);
            throw new IOException("the disk is gone");
        }
    }
}
