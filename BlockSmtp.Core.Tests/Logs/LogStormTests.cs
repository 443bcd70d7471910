using CsCheck;

namespace BlockSmtp.Tests.Logs;

/// <summary>Nothing is lost, doubled or glued whatever writer and rotation do at the same time.</summary>
public class LogStormTests : FollowingTests
{
    private const int Rotations = 40;

    [Test]
    public async Task Numbered_lines_survive_a_storm_of_rotations([Values] bool createsEmptyFile)
    {
        var reader = await FollowAsync(create: true);
        var syslogd = Logs.OpenWriter();
        int written = 0;
        int read = 0;
        for (int rotation = 0; rotation < Rotations; rotation++)
        {
            Write(100);
            Logs.Rename($"mail.log.{rotation % 3}");
            if (createsEmptyFile)
                Logs.Append("");
            Write(100);
            syslogd.Dispose();
            syslogd = Logs.OpenWriter();
            Write(1);
            // A file that comes and goes unseen is out of reach, so each is seen once before it goes.
            while (read < written)
                (await reader.NextLineAsync()).Should().Be($"line {read++}");
        }
        syslogd.Dispose();
        (await reader.CancelAsync()).Should().BeEmpty();

        void Write(int count)
        {
            for (int i = 0; i < count; i++)
                syslogd.Write($"line {written++}\n");
        }
    }

    [Test]
    public async Task A_writer_that_does_not_stop_for_a_rotation_loses_nothing()
    {
        var reader = await FollowAsync(create: true);
        using var lead = new SemaphoreSlim(500); // how far the writer may be ahead, as a test reads slower than it writes
        using var stop = new CancellationTokenSource();
        var syslogd = Logs.OpenWriter();
        int reopen = 0;
        var writing = Task.Run(() =>
        {
            int written = 0;
            while (!stop.IsCancellationRequested)
            {
                if (Interlocked.Exchange(ref reopen, 0) == 1) // as at SIGHUP
                {
                    syslogd.Dispose();
                    syslogd = Logs.OpenWriter();
                }
                if (lead.Wait(10))
                    syslogd.Write($"line {written++}\n");
            }
            syslogd.Dispose();
            return written;
        });
        int read = 0;
        int rotated = 0;
        for (int rotation = 0; rotation < Rotations; rotation++)
        {
            Logs.Rename();
            Volatile.Write(ref reopen, 1);
            for (rotated++; Events.Count(1102) < rotated;)
                await ReadAsync();
        }
        await stop.CancelAsync();
        int total = await writing;
        while (read < total)
            await ReadAsync();
        (await reader.CancelAsync()).Should().BeEmpty();

        async Task ReadAsync()
        {
            (await reader.NextLineAsync()).Should().Be($"line {read++}");
            lead.Release();
        }
    }

    [Test]
    public void However_a_log_is_written_and_read_its_lines_are_the_same()
    {
        Gen.Select(Gen.String[Gen.Char["ab\r\0"], 0, 30].Array[1, 60], Gen.Int[1, 40].Array[1, 20]).Sample((lines, pieces) =>
        {
            using var logs = new LogDirectory();
            File.WriteAllText(logs.Log, "");
            using var reader = new SourceReader(Source(fromStart: true, path: logs.Log));
            string text = string.Concat(lines.Select(line => line + "\n"));
            for (int at = 0, i = 0; at < text.Length; i++)
            {
                int length = Math.Min(pieces[i % pieces.Length], text.Length - at);
                File.AppendAllText(logs.Log, text.AsSpan(at, length));
                at += length;
            }
            return reader.NextLinesAsync(lines.Length).Result.SequenceEqual(lines);
        }, iter: 30);
    }
}
