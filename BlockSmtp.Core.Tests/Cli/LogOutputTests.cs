using BlockSmtp.Cli.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Cli;

/// <summary>Our own log must never hold up the daemon, nor fill the disk.</summary>
public sealed class LogOutputTests
{
    [Test]
    public void A_log_that_hangs_holds_up_nobody()
    {
        var hangs = new TaskCompletionSource();
        var inner = new Recorder { Wait = hangs };
        var sink = new QueuedSink(inner);

        for (var line = 0; line < 5000; line++)
            sink.Write(LogLevel.Information, $"line {line}");
        sink.Dispose();

        inner.Lines.Should().BeEmpty();
        hangs.SetResult();
    }

    [Test]
    public void What_is_written_before_the_end_is_not_lost()
    {
        var inner = new Recorder();
        var sink = new QueuedSink(inner);
        for (var line = 0; line < 100; line++)
            sink.Write(LogLevel.Information, $"line {line}");

        sink.Dispose();

        inner.Lines.Should().Equal(Enumerable.Range(0, 100).Select(line => $"line {line}"));
    }

    [Test]
    public void An_attack_does_not_fill_the_log_and_what_is_left_out_is_counted()
    {
        var inner = new Recorder();
        var time = new FakeTimeProvider();
        var sink = new LimitedSink(new QueuedSink(inner), time);

        for (var line = 0; line < 700; line++)
            sink.Write(LogLevel.Information, "blocked");
        sink.Write(LogLevel.Error, "an error");
        time.Advance(TimeSpan.FromSeconds(10));
        sink.Write(LogLevel.Information, "later");
        sink.Dispose();

        inner.Lines.Should().HaveCount(500 + 3);
        inner.Lines[500..].Should().Equal("an error", "200 lines of this log were left out: more than 500 in 10 s", "later");
    }

    private sealed class Recorder : ILineSink
    {
        private readonly List<string> _lines = [];

        public TaskCompletionSource? Wait { get; init; }

        public List<string> Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public void Write(LogLevel level, string line)
        {
            Wait?.Task.Wait();
            lock (_lines)
                _lines.Add(line);
        }
    }
}
