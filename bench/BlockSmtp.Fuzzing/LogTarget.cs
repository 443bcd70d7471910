using BlockSmtp.Engine;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Policies;
using BlockSmtp.Reading;
using BlockSmtp.Replay;
using BlockSmtp.Syslog;
using BlockSmtp.Transactions;

namespace BlockSmtp.Fuzzing;

/// <summary>
/// Lines of a log: nothing may be thrown, a quick look at a line has to say what reading it in full says, and it makes no difference in
/// which pieces a log is handed out.
/// </summary>
internal sealed class LogTarget(Mailer mailer) : ITarget
{
    private static readonly string[] Names = ["sm-mta", "sendmail", "postfix", "exim"];

    private readonly DetectionOptions _options = new() { Mailer = mailer, CountProbes = true, KeepRecipients = true, SyslogNames = Names };

    public void Read(ReadOnlySpan<byte> input)
    {
        CompareLooks(input);
        var (whole, blocks) = Count([input.ToArray()]);
        var (pieces, samePlaces) = Count(LinesOf(input));
        if (whole != pieces || blocks != samePlaces)
            throw new Difference($"read whole: {whole}, {blocks}; line by line: {pieces}, {samePlaces}");
    }

    private static List<byte[]> LinesOf(ReadOnlySpan<byte> input)
    {
        var lines = new List<byte[]>();
        while (!input.IsEmpty)
        {
            var end = input.IndexOf((byte)'\n') + 1;
            lines.Add(input[..(end == 0 ? input.Length : end)].ToArray());
            input = input[lines[^1].Length..];
        }

        return lines;
    }

    private (EngineCounters Counters, string Blocks) Count(List<byte[]> chunks)
    {
        var time = new FixedTime();
        var lines = LineReaders.LinesOf(_options);
        var tally = new ReplayTally(null, null, false);
        var judgement = new Judgement(new CountPolicy(), _options, tally);
        var joiner = new TransactionJoiner(_options, lines, new ArrivalClock(time), null, judgement, wantsAcceptances: true);
        // Whatever is thrown goes through, since nobody is told of it.
        var reader = LineReaders.Of(_options, lines, joiner, new Rethrowing());
        judgement.Tick(time.GetUtcNow());
        foreach (var chunk in chunks)
            reader.Read(new LogChunk(chunk));
        joiner.End();
        return (
            reader.AddTo(joiner.AddTo(new EngineCounters())),
            string.Join(' ', judgement.Blocks.All.Select(block => block.Network).Order(Comparer<System.Net.IPNetwork>.Create(
                (a, b) => string.CompareOrdinal(a.ToString(), b.ToString())))));
    }

    private void CompareLooks(ReadOnlySpan<byte> input)
    {
        var used = LineReaders.LinesOf(_options);
        foreach (var text in LinesOf(input))
        {
            var line = text.AsSpan().TrimEnd("\r\n"u8);
            var owner = used.Look(line, out var processId, out var messageAt);
            var isMailer = LineReaders.LinesOf(_options).TryParse(line, out var parts);
            if (owner == LineOwner.Other && isMailer)
                throw new Difference("a quick look has missed a line of the mail server");
            if (owner == LineOwner.Mailer && (!isMailer
                || parts.ProcessId != processId
                || line.Length - parts.Message.Length != messageAt
                || used.UsualProgram != parts.Program))
                throw new Difference("a quick look has seen another line than there is");
            if (used.TryParse(line, out var again) != isMailer
                || again.Program != parts.Program
                || !again.Message.SequenceEqual(parts.Message))
                throw new Difference("what was read before changes what is read");
        }
    }

    private sealed class Rethrowing : ILineTroubles
    {
        public void OnUnreadable(ReadOnlySpan<byte> line, Exception? failure, long count) =>
            throw new Difference($"a line cannot be read: {failure}");

        public void OnLost(long count, long total)
        {
        }

        public void OnOverflow(long total)
        {
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 18, 0, 3, TimeSpan.Zero);

        public override long GetTimestamp() => 0;
    }
}
