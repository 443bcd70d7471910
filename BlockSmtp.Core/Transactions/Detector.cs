using System.Runtime.CompilerServices;
using System.Text;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Logs;
using BlockSmtp.Sendmail;
using BlockSmtp.State;
using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>
/// Everything that decides, in one place and one after the other: lines in, verdicts out. Knows no threads and no
/// clock of its own, so a replay and a running daemon come to the same decisions.
/// </summary>
internal sealed class Detector
{
    // sendmail's longest wait for a command is an hour (Timeout.command), so no transaction is silent for a day.
    private static readonly long LongestWait = TimeSpan.FromDays(1).Ticks;

    private const int LineEndsAtOnce = 128;

    private readonly SyslogLineParser _lines;
    private readonly ILineClock _clock;
    private readonly LivePeers? _live;
    private readonly TransactionTable _transactions;
    private readonly AddressCache _addresses = new();
    private readonly Judgement _judgement;
    private readonly UncommittedState? _uncommitted;
    private readonly bool _keepRecipients;
    private long _lineCount;
    private long _bytes;
    private long _skipped;
    private long _offenses;
    private long _unresolved;
    private long _ambiguous;

    public Detector(DetectionOptions options, SyslogLineParser lines, ILineClock clock, LivePeers? live, Judgement judgement, UncommittedState? uncommitted = null)
    {
        _lines = lines;
        _clock = clock;
        _live = live;
        _judgement = judgement;
        _uncommitted = uncommitted;
        CountProbes = options.CountProbes;
        _keepRecipients = options.KeepRecipients;
        _transactions = new TransactionTable(options.MaxSessions, uncommitted is null ? null : key => uncommitted.Touch(key));
    }

    /// <summary>Whether each VRFY and EXPN is an offense too.</summary>
    public bool CountProbes { get; set; }

    public EngineCounters Counters => new()
    {
        Lines = _lineCount,
        Bytes = _bytes,
        SkippedLines = _skipped,
        Offenses = _offenses,
        Unresolved = _unresolved,
        Ambiguous = _ambiguous,
        Blocks = _judgement.Blocked,
        Releases = _judgement.Released,
        Ignored = _judgement.Ignored,
        PeerLookups = _live?.Lookups ?? 0,
        PeersFound = _live?.Found ?? 0,
    };

    /// <summary>How many transactions are remembered.</summary>
    public int Sessions => _transactions.Count;

    /// <summary>The transactions that wait for their client.</summary>
    public IEnumerable<WaitingTransaction> Waiting => _transactions.Waiting.Select(entry => Describe(entry.Key, entry.Value));

    /// <summary>What waits in a transaction; may be nothing.</summary>
    public WaitingTransaction WaitingIn(in TransactionKey key)
    {
        ref var transaction = ref _transactions.Find(key);
        return Describe(key, Unsafe.IsNullRef(ref transaction) ? default : transaction);
    }

    /// <summary>Takes up a transaction that waited for its client when an earlier run has ended.</summary>
    public void Resume(WaitingTransaction waiting, DateTimeOffset now)
    {
        if (waiting.Last.UtcTicks < now.UtcTicks - LongestWait)
        {
            _unresolved += waiting.Offenses;
            return;
        }

        if (!QueueId.TryParse(Encoding.ASCII.GetBytes(waiting.QueueId), out var id) || _lines.NumberOf(waiting.LogHost) is not { } host)
            return;
        ref var transaction = ref _transactions.Touch(new TransactionKey(id, waiting.ProcessId, host), waiting.Last.UtcTicks, out _);
        (transaction.Waiting, transaction.FirstWaiting, transaction.LastOffense) = (waiting.Offenses, waiting.First.UtcTicks, waiting.Last.UtcTicks);
        transaction.WaitingNames = waiting.Recipients.Count > 0 ? [.. waiting.Recipients] : null;
    }

    /// <summary>Takes in whole lines.</summary>
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

    /// <summary>The log is over: what still waits for its client will wait in vain.</summary>
    public void End() => _unresolved += _transactions.GiveUp(long.MaxValue);

    /// <summary>A quick look at a line, after which nearly all are done with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadLine(ReadOnlySpan<byte> line)
    {
        switch (_lines.Look(line, out var processId, out var messageAt))
        {
            case LineOwner.Other:
            case LineOwner.Mailer when !MayMatter(processId, line[messageAt], line[^1]):
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
    private void ReadMailer(ReadOnlySpan<byte> line, int processId, int messageAt) => Read(_lines.PartsOf(WithoutReturn(line), processId, messageAt));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadUnclear(ReadOnlySpan<byte> line)
    {
        if (_lines.TryParse(WithoutReturn(line), out var parts) && !parts.Message.IsEmpty && MayMatter(parts.ProcessId, parts.Message[0], parts.Message[^1]))
            Read(parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => !line.IsEmpty && line[^1] == '\r' ? line[..^1] : line;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Read(in SyslogLine parts)
    {
        SendmailParser.Read(parts, _transactions.Count > 0, out var read);
        switch (read.Kind)
        {
            case MailEventKind.UnknownRecipient:
                OnUnknownRecipient(parts, read);
                break;
            case MailEventKind.TransactionEnd:
            case MailEventKind.Relay:
                OnRelay(parts, read);
                break;
            case MailEventKind.Probe when CountProbes:
                OnProbe(parts, read);
                break;
            case MailEventKind.Connect:
                if (_addresses.TryParse(read.Text, out var peer) && _clock.TryGetTime(parts.Stamp, out var time))
                    _transactions.Connect(new ProcessKey(parts.ProcessId, parts.Host), peer, time.UtcTicks);
                break;
            case MailEventKind.DaemonStart:
                _transactions.ForgetConnects();
                break;
            case MailEventKind.Ambiguous:
                _ambiguous++;
                break;
        }
    }

    /// <summary>But for an offense, what matters is a line of a process that has offended, or one that stands where no queue id does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayMatter(int processId, byte first, byte last) =>
        _transactions.MayHave(processId) || CountProbes || SendmailParser.MayStandAlone(first, last);

    private void OnUnknownRecipient(in SyslogLine line, in MailEvent read)
    {
        if (!TryGetTime(line, out var time))
            return;
        _offenses++;
        var key = new TransactionKey(read.Id, line.ProcessId, line.Host);
        ref var transaction = ref _transactions.Touch(key, time.UtcTicks, out var lost);
        _unresolved += lost;
        transaction.LastOffense = time.UtcTicks;
        _live?.Resolve(key, ref transaction);
        var name = NameOf(read);
        if (transaction.Peer is not null)
        {
            // Some may have waited while the connection could not be seen.
            var known = transaction;
            if (known.Waiting > 0)
                _uncommitted?.Touch(key);
            (transaction.Waiting, transaction.WaitingNames) = (0, null);
            OffendWaiting(known);
            _judgement.Offend(new Offense(known.Peer, time, OffenseKind.UnknownRecipient) { Source = known.Source, Recipient = name });
        }
        else
        {
            _uncommitted?.Touch(key);
            if (transaction.Waiting++ == 0)
                transaction.FirstWaiting = time.UtcTicks;
            if (name is not null && (transaction.WaitingNames ??= []).Count < Evidence.MaxRecipients)
                transaction.WaitingNames.Add(name);
        }

        _unresolved += _transactions.GiveUp(time.UtcTicks - LongestWait);
    }

    /// <summary>A line names the client of a transaction, perhaps one that has offenses waiting for it.</summary>
    private void OnRelay(in SyslogLine line, in MailEvent read)
    {
        var key = new TransactionKey(read.Id, line.ProcessId, line.Host);
        ref var transaction = ref _transactions.Find(key);
        if (Unsafe.IsNullRef(ref transaction))
            return;
        var isEnd = read.Kind == MailEventKind.TransactionEnd;
        var address = read.Text;
        if ((isEnd && !RelayText.TryReadLast(read.Text, out address)) || !_addresses.TryParse(address, out var peer))
        {
            // "RCPT TO:from=<" makes "from=<... Unbalanced '<'": it must not end what waits for the true line.
            _ambiguous++;
            return;
        }

        if (transaction.Peer is null && TryGetTime(line, out var time))
        {
            // The clock of the decision is this line's.
            _judgement.Advance(time);
            (transaction.Peer, transaction.Source) = (peer, PeerSource.LaterLine);
            var known = transaction;
            _uncommitted?.Touch(key);
            (transaction.Waiting, transaction.WaitingNames) = (0, null);
            OffendWaiting(known);
        }

        if (isEnd)
        {
            _unresolved += transaction.Waiting;
            if (transaction.Waiting > 0)
                _uncommitted?.Touch(key);
            _transactions.Remove(key);
        }
    }

    private void OnProbe(in SyslogLine line, in MailEvent read)
    {
        if (!_addresses.TryParse(read.Text, out var peer))
        {
            _ambiguous++;
        }
        else if (TryGetTime(line, out var time))
        {
            _offenses++;
            _judgement.Advance(time);
            _judgement.Offend(new Offense(peer, time, OffenseKind.Probe) { Source = PeerSource.SameLine, Recipient = NameOf(read) });
        }
    }

    /// <summary>Judges the offenses that have waited for their host: the first happened at one time, the others at another.</summary>
    private void OffendWaiting(in Transaction transaction)
    {
        if (transaction.Waiting == 0)
            return;
        var offense = new Offense(transaction.Peer!, new DateTimeOffset(transaction.FirstWaiting, TimeSpan.Zero), OffenseKind.UnknownRecipient)
        {
            Source = transaction.Source,
            Recipient = transaction.WaitingNames?[0],
        };
        _judgement.Offend(offense);
        if (transaction.Waiting > 1)
            offense = offense with { Time = new DateTimeOffset(transaction.LastOffense, TimeSpan.Zero), Recipient = null };
        for (var i = 1; i < transaction.Waiting; i++)
        {
            if (transaction.WaitingNames is not null)
                offense = offense with { Recipient = i < transaction.WaitingNames.Count ? transaction.WaitingNames[i] : null };
            _judgement.Offend(offense);
        }
    }

    private WaitingTransaction Describe(in TransactionKey key, in Transaction transaction) => new(
        key.Id.ToString(), key.ProcessId, _lines.HostName(key.Host), transaction.Waiting,
        new DateTimeOffset(transaction.FirstWaiting, TimeSpan.Zero), new DateTimeOffset(transaction.LastOffense, TimeSpan.Zero), transaction.WaitingNames is { } names ? [.. names] : []);

    private string? NameOf(in MailEvent read) => _keepRecipients ? RecipientText.Show(read.Recipient) : null;

    private bool TryGetTime(in SyslogLine line, out DateTimeOffset time)
    {
        if (_clock.TryGetTime(line.Stamp, out time))
            return true;
        _ambiguous++;
        return false;
    }
}
