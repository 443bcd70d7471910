using System.Runtime.CompilerServices;
using BlockSmtp.Grammars;
using BlockSmtp.Logs;
using BlockSmtp.Syslog;
using BlockSmtp.Transactions;

namespace BlockSmtp.Reading;

/// <summary>From bytes to events: finds the lines of the mail server, and has its grammar read those that may matter.</summary>
/// <typeparam name="TGrammar">What the mail server's lines mean.</typeparam>
/// <param name="lines">Takes lines apart.</param>
/// <param name="joiner">Makes facts of the events.</param>
/// <param name="refusals">Tells what the words of a refusal say.</param>
internal sealed class LineReader<TGrammar>(SyslogLineParser lines, TransactionJoiner joiner, RefusalTexts refusals) : ILineReader
    where TGrammar : struct, IMailGrammar
{
    private const int LineEndsAtOnce = 128;

    private long _lineCount;
    private long _bytes;
    private long _skipped;

    /// <inheritdoc/>
    public EngineCounters AddTo(EngineCounters counters) => counters with { Lines = _lineCount, Bytes = _bytes, SkippedLines = _skipped };

    /// <inheritdoc/>
    public void Read(in LogChunk chunk)
    {
        var text = chunk.Lines.Span;
        _bytes += text.Length;
        _skipped += chunk.SkippedLines;
        _lineCount += chunk.SkippedLines;
        Span<int> ends = stackalloc int[LineEndsAtOnce];
        while (!text.IsEmpty)
        {
            var start = 0;
            var count = LineEnds.Find(text, ends, out var scanned);
            _lineCount += count;
            foreach (var end in ends[..count])
            {
                ReadLine(text[start..end]);
                start = end + 1;
            }

            if (scanned == text.Length && start < text.Length)
            {
                // The very last line of a log may lack its end.
                _lineCount++;
                ReadLine(text[start..]);
                start = text.Length;
            }

            text = text[start..];
        }
    }

    /// <summary>A quick look at a line, after which nearly all are done with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadLine(ReadOnlySpan<byte> line)
    {
        switch (lines.Look(line, out var processId, out var messageAt))
        {
            case LineOwner.Other:
            case LineOwner.Mailer when !MayMatter(processId, line[messageAt..], lines.UsualProgram):
                return;
            case LineOwner.Mailer:
                ReadMailer(line, processId, messageAt);
                return;
            default:
                ReadUnclear(line);
                return;
        }
    }

    // These by themselves, for the room that they need has to be cleared first: the lines that do not matter are spared that.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadMailer(ReadOnlySpan<byte> line, int processId, int messageAt) => Read(lines.PartsOf(WithoutReturn(line), processId, messageAt));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadUnclear(ReadOnlySpan<byte> line)
    {
        if (lines.TryParse(WithoutReturn(line), out var parts) && !parts.Message.IsEmpty &&
            MayMatter(parts.ProcessId, parts.Message, parts.Program))
            Read(parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => !line.IsEmpty && line[^1] == '\r' ? line[..^1] : line;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Read(in SyslogLine parts)
    {
        TGrammar.Read(parts, joiner.Wants, refusals, out var read);
        if (read.Kind == MailEventKind.None)
            return;
        if (read.Kind == MailEventKind.TransactionEnd)
            read.Text = TGrammar.TryReadRelay(read.Text, out var address) ? address : default;
        joiner.On(parts, read);
    }

    /// <summary>But for an offense, what matters is a line of a process that has offended, or one that stands where no queue id does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayMatter(int processId, ReadOnlySpan<byte> message, LogProgram program) =>
        joiner.MayMatter(processId) || TGrammar.MayStandAlone(message, program);
}
