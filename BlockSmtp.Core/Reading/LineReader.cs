using System.Runtime.CompilerServices;
using System.Text;
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
/// <param name="troubles">Is told of lines that are left out; null where what a line leads to may throw.</param>
/// <param name="inHand">Notes which line is read; null for nobody.</param>
internal sealed class LineReader<TGrammar>(
    SyslogLineParser lines, TransactionJoiner joiner, RefusalTexts refusals, ILineTroubles? troubles = null, LineInHand? inHand = null)
    : ILineReader
    where TGrammar : struct, IMailGrammar
{
    private const int LineEndsAtOnce = 128;

    private readonly SplitMessages _split = new();
    private readonly LastTold _last = new();
    private long _chunkAt;
    private bool _isWhole;
    private LineBearing _wanted;
    private long _lineCount;
    private long _bytes;
    private long _skipped;
    private long _unreadable;
    private long _lost;
    private long _overflown;
    private bool _isActing;

    /// <inheritdoc/>
    public EngineCounters AddTo(EngineCounters counters) =>
        counters with { Lines = _lineCount, Bytes = _bytes, SkippedLines = _skipped, UnreadableLines = _unreadable, LostLines = _lost };

    /// <inheritdoc/>
    public void Read(in LogChunk chunk)
    {
        var text = chunk.Lines.Span;
        _wanted = joiner.Bearing;
        _chunkAt = _bytes;
        _bytes += text.Length;
        _last.Begin(chunk.Lines);
        _isWhole = chunk.SkippedLines == 0 && chunk.LostLines == 0;
        if (chunk.BeginsFile || !_isWhole)
            _last.EndsHere();
        if (chunk.LostLines > 0)
            OnLost(chunk.LostLines);
        _skipped += chunk.SkippedLines;
        _lineCount += chunk.SkippedLines;
        Span<int> ends = stackalloc int[LineEndsAtOnce];
        var start = 0;
        while (start < text.Length)
        {
            var count = LineEnds.Find(text, start, ends, out var scanned);
            _lineCount += count;
            foreach (var end in ends[..count])
            {
                ReadLine(text[start..end], start);
                start = end + 1;
            }

            if (scanned == text.Length && start < text.Length)
            {
                // The very last line of a log may lack its end.
                _lineCount++;
                ReadLine(text[start..], start);
                break;
            }
        }

        _last.End();
    }

    private void LeaveOut(ReadOnlySpan<byte> line, Exception? failure)
    {
        _isActing = false;
        _unreadable++;
        troubles?.OnUnreadable(line, failure, _unreadable);
    }

    /// <summary>A quick look at a line, after which nearly all are done with.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Where in the chunk it begins.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadLine(ReadOnlySpan<byte> line, int at)
    {
        if (!lines.IsUsual(line, out var processId, out var messageAt))
            ReadOther(line, at);
        else if (MayMatter(processId, line[messageAt..], lines.UsualProgram))
            ReadMailer(line, at, processId, messageAt);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadOther(ReadOnlySpan<byte> line, int at)
    {
        if (lines.LookAtOther(line) == LineOwner.Unclear)
            ReadUnclear(line, at);
    }

    // These by themselves, for the room that they need has to be cleared first: the lines that do not matter are spared that.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadMailer(ReadOnlySpan<byte> line, int at, int processId, int messageAt)
    {
        if (!TryTake(line))
            return;
        try
        {
            Read(lines.PartsOf(WithoutReturn(line), processId, messageAt), line, at);
        }
        catch (Exception e) when (IsOfLine)
        {
            LeaveOut(line, e);
        }

        inHand?.PutDown();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadUnclear(ReadOnlySpan<byte> line, int at)
    {
        if (!TryTake(line))
            return;
        try
        {
            if (!lines.TryParseUnclear(WithoutReturn(line), out var parts))
                ReadDaemon(line, at);
            else if (!parts.Message.IsEmpty && MayMatter(parts.ProcessId, parts.Message, parts.Program))
                Read(parts, line, at);
        }
        catch (Exception e) when (IsOfLine)
        {
            LeaveOut(line, e);
        }

        inHand?.PutDown();
    }

    // A line at which reading fails is left out, whatever is in it. What it leads to fails by another's fault, which
    // is a running daemon's to bear.
    private bool IsOfLine => troubles is not null || !_isActing;

    /// <summary>A line that is not the mail server's: a syslog daemon may say of its lines that they were dropped, or came again.</summary>
    private void ReadDaemon(ReadOnlySpan<byte> line, int at)
    {
        if (LostLines.TryRead(WithoutReturn(line), out var count))
            OnLost(count);
        else if (_last.IsRightBefore(_chunkAt + at)
            && RepeatedLine.TryReadLine(WithoutReturn(line), out var stamp, out var host, out var isOfAnyHost, out var repeated)
            && lines.TryParse(_last.Line, out var told)
            && (isOfAnyHost || host.SequenceEqual(Encoding.UTF8.GetBytes(lines.HostName(told.Host)))))
        {
            RepeatLast(told, stamp, repeated, BehindOf(line, at));
        }
    }

    /// <summary>What stands in the mail server's name for some of its lines.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadRepeated(SyslogLine parts, ReadOnlySpan<byte> line, int at)
    {
        if (RepeatedLine.TryReadMessage(parts.Message, out var count, out var text, out var isCut))
        {
            if (!isCut)
            {
                parts.Message = text;
                TellAgain(parts, count);
            }
            else if (lines.TryParse(_last.Line, out var whole) && IsOfSameProcess(whole, parts) && whole.Message.StartsWith(text))
            {
                // How a message begins does not say what it is; but this is the one that was read when it came first.
                whole.Stamp = parts.Stamp;
                TellAgain(whole, count);
            }
        }
        else if (_last.IsRightBefore(_chunkAt + at)
            && RepeatedLine.TryReadLast(parts.Message, out count, out var beginning)
            && lines.TryParse(_last.Line, out var told)
            && (beginning.IsEmpty ? IsOfSameProcess(told, parts) : IsOfSameProgram(told, parts) && told.Message.StartsWith(beginning)))
        {
            RepeatLast(told, parts.Stamp, count, BehindOf(line, at));
        }
    }

    private void RepeatLast(SyslogLine told, ReadOnlySpan<byte> stamp, int count, long next)
    {
        _last.GoesOnTo(next);
        told.Stamp = stamp;
        TellAgain(told, count);
    }

    /// <summary>A guess was made again, so often. Of what else may be in a line the first has told all.</summary>
    private void TellAgain(SyslogLine parts, int count)
    {
        parts.IsRepeated = true;
        TGrammar.Read(parts, joiner.Wants, refusals, out var read);
        for (var again = 0; again < count && IsGuess(read.Kind); again++)
            Tell(parts, ref read);
    }

    private static bool IsGuess(MailEventKind kind) =>
        kind is MailEventKind.UnknownRecipient or MailEventKind.Probe or MailEventKind.NamedRefusal or MailEventKind.ShownUnknown;

    private static bool IsOfSameProgram(in SyslogLine one, in SyslogLine other) => one.Host == other.Host && one.Program == other.Program;

    private static bool IsOfSameProcess(in SyslogLine one, in SyslogLine other) =>
        IsOfSameProgram(one, other) && one.ProcessId == other.ProcessId;

    /// <summary>Where in the log the line behind a line of this chunk begins; -1 where that is not known.</summary>
    private long BehindOf(ReadOnlySpan<byte> line, int at) => _isWhole ? _chunkAt + at + line.Length + 1 : -1;

    private void OnLost(long count)
    {
        // What stands in a line is a stranger's, perhaps.
        _lost += Math.Min(count, long.MaxValue - _lost);
        troubles?.OnLost(count, _lost);
    }

    private bool TryTake(ReadOnlySpan<byte> line)
    {
        if (inHand is null || inHand.TryTake(line))
            return true;
        LeaveOut(line, null);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => !line.IsEmpty && line[^1] == '\r' ? line[..^1] : line;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Read(in SyslogLine parts, ReadOnlySpan<byte> line, int at)
    {
        if (RepeatedLine.MayBeOne(parts.Message))
        {
            ReadRepeated(parts, line, at);
            return;
        }

        TGrammar.Read(parts, joiner.Wants, refusals, out var read);
        if (read.Kind == MailEventKind.None)
            return;
        if (read.Kind is MailEventKind.Part or MailEventKind.Overflow)
        {
            ReadRare(parts, ref read);
            return;
        }

        Tell(parts, ref read);
        if (IsGuess(read.Kind))
            _last.Note(at, WithoutReturn(line).Length, BehindOf(line, at));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadRare(SyslogLine parts, ref MailEvent read)
    {
        if (read.Kind == MailEventKind.Overflow)
        {
            _lost++;
            troubles?.OnOverflow(++_overflown);
            Tell(parts, ref read);
        }
        else if (_split.TryRead<TGrammar>(ref parts, joiner.Wants, refusals, ref read))
            Tell(parts, ref read);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Tell(in SyslogLine parts, ref MailEvent read)
    {
        if (read.Kind == MailEventKind.TransactionEnd)
            read.Text = TGrammar.TryReadRelay(read.Text, out var address) ? address : default;
        _isActing = true;
        joiner.On(parts, read);
        _isActing = false;
    }

    /// <summary>
    /// But for an offense, what matters is a line of a process that has offended, or one that stands where no queue id does.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayMatter(int processId, ReadOnlySpan<byte> message, LogProgram program) =>
        (TGrammar.Look(message, program, refusals) & _wanted) != 0 || joiner.MayMatter(processId);
}
