using System.Buffers.Text;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Sendmail;
using BlockSmtp.State;
using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>
/// From events to facts: joins what a line tells of a process and a queue id with the host behind them, and has the facts judged in their
/// order. Knows no threads and no clock of its own, so a replay and a running daemon come to the same decisions.
/// </summary>
internal sealed class TransactionJoiner
{
    // sendmail's longest wait for a command is an hour (Timeout.command), so no transaction is silent for a day.
    private static readonly long LongestWait = TimeSpan.FromDays(1).Ticks;

    // A mail server that logs its answers has logged one to the sender before it refuses a recipient.
    private static readonly long AnswersOften = TimeSpan.FromMinutes(1).Ticks;

    private readonly SyslogLineParser _lines;
    private readonly ILineClock _clock;
    private readonly LivePeers? _live;
    private readonly TransactionTable _transactions;
    private readonly AddressCache _addresses = new();
    private readonly TakenMessages? _messages;
    private readonly DeliveredMail? _delivered;
    private readonly Probes _probes;
    private readonly EmptyTransactions _empty;
    private readonly DoubtfulLines _doubtful = new();
    private readonly WaitingNames _names;
    private readonly NamedClients _named;
    private readonly Judgement _judgement;
    private readonly UncommittedState? _uncommitted;
    private readonly bool _keepRecipients;
    private readonly ToldTwice? _told;
    private readonly TransactionOffenses _judged;

    // Whether the mail server logs enough to name each message.
    private bool _namesMessages;

    // When it has logged an answer last.
    private long _lastAnswer;
    private long _offenses;
    private long _unresolved;
    private long _ambiguous;

    /// <param name="options">What counts.</param>
    /// <param name="lines">Names the hosts that log.</param>
    /// <param name="clock">Tells when a line was written.</param>
    /// <param name="live">Asks the live process for its client; null where nobody can.</param>
    /// <param name="judgement">Judges the facts.</param>
    /// <param name="uncommitted">Is told of what the store is to keep; null without one.</param>
    /// <param name="wantsAcceptances">Whether somebody wants to know what hosts did right.</param>
    /// <param name="joinsMilter">Whether a milter tells the same (<see cref="DetectionEngineOptions.JoinsMilter"/>).</param>
    /// <param name="machine">What the machine that logs calls itself; null where nobody knows.</param>
    public TransactionJoiner(
        DetectionOptions options,
        SyslogLineParser lines,
        ILineClock clock,
        LivePeers? live,
        Judgement judgement,
        UncommittedState? uncommitted = null,
        bool wantsAcceptances = false,
        bool joinsMilter = false,
        string? machine = null)
    {
        _lines = lines;
        _clock = clock;
        _live = live;
        _judgement = judgement;
        _uncommitted = uncommitted;
        _keepRecipients = options.KeepRecipients;
        _messages = wantsAcceptances ? new TakenMessages() : null;
        _empty = new EmptyTransactions(options.MaxEmptyTransactions);
        _names = new WaitingNames(wantsAcceptances || _keepRecipients || joinsMilter);
        _told = joinsMilter ? new ToldTwice() : null;
        _judged = new TransactionOffenses(judgement, _names, _doubtful, _told, uncommitted);
        _transactions = new TransactionTable(options.MaxTransactions, uncommitted is null ? null : key => uncommitted.Touch(key));
        _delivered = _messages is null ? null : new DeliveredMail(clock, judgement, _messages, _names);
        _probes = new Probes(clock, _addresses, judgement, _names, live) { AreCounted = options.CountProbes };
        _named = new NamedClients(clock, _addresses, judgement, _messages, _names, _transactions.Processes, _doubtful, _told, machine);
    }

    /// <summary>Whether each VRFY and EXPN is an offense too.</summary>
    public bool CountProbes
    {
        get => _probes.AreCounted;
        set => _probes.AreCounted = value;
    }

    /// <summary>How many transactions are remembered.</summary>
    public int Transactions => _transactions.Count;

    /// <summary>What makes a line matter now, whatever its process has done.</summary>
    public LineBearing Bearing =>
        LineBearing.Alone | (_messages is not null ? LineBearing.Acceptance : 0) | (_probes.AreCounted ? LineBearing.Probe : 0);

    /// <summary>Which events matter now.</summary>
    public MailEventsWanted Wants => _messages is not null
        ? MailEventsWanted.Ends | MailEventsWanted.Acceptances
        : _transactions.Count > 0 ? MailEventsWanted.Ends : MailEventsWanted.None;

    /// <summary>The transactions that wait for their client.</summary>
    public IEnumerable<WaitingTransaction> Waiting => _transactions.Waiting.Select(entry => Describe(entry.Key, entry.Value));

    /// <summary>Adds what was counted here to the counters.</summary>
    public EngineCounters AddTo(EngineCounters counters) => counters with
    {
        Offenses = _offenses + _judged.Offenses + (_delivered?.Offenses ?? 0) + _probes.Offenses + _named.Offenses + _judgement.Reported,
        Unresolved = _unresolved,
        Ambiguous = _ambiguous + _judged.Ambiguous + (_delivered?.Ambiguous ?? 0) + _probes.Ambiguous + _named.Ambiguous,
        Blocks = _judgement.Blocked,
        Releases = _judgement.Released,
        Ignored = _judgement.Ignored,
        PeerLookups = _live?.Lookups ?? 0,
        PeersFound = _live?.Found ?? 0,
    };

    /// <summary>Whether any line of a process may matter, and not only one that stands alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayMatter(int processId) => _transactions.MayHave(processId);

    /// <summary>What waits in a transaction; may be nothing.</summary>
    public WaitingTransaction WaitingIn(in TransactionKey key)
    {
        ref var transaction = ref _transactions.Find(key);
        return Describe(key, Unsafe.IsNullRef(ref transaction) ? default : transaction);
    }

    /// <summary>Takes up a transaction that waited for its client when an earlier run has ended. False when it waits no longer.</summary>
    public bool TryResume(WaitingTransaction waiting, DateTimeOffset now)
    {
        if (waiting.Last.UtcTicks < now.UtcTicks - LongestWait)
        {
            _unresolved += waiting.Offenses;
            return false;
        }

        if (!QueueId.TryParse(Encoding.ASCII.GetBytes(waiting.QueueId), out var id) || _lines.NumberOf(waiting.LogHost) is not { } host)
            return false;
        ref var transaction = ref _transactions.Touch(new TransactionKey(id, waiting.ProcessId, host), waiting.Last.UtcTicks, out _);
        (transaction.Waiting, transaction.FirstWaiting, transaction.LastOffense) = (
            waiting.Offenses, waiting.First.UtcTicks, waiting.Last.UtcTicks);
        transaction.Names = _names.Of(waiting.Recipients);
        return true;
    }

    /// <summary>The log is over: what still waits for its client will wait in vain.</summary>
    public void End() => _unresolved += _transactions.GiveUp(long.MaxValue);

    /// <summary>Whether a fact of a milter is one that no line has told before.</summary>
    public bool IsNew(in Offense offense)
    {
        var number = offense.IsLoggedByHost ? ToldTwice.NumberOf(offense.Key) : offense.Transaction;
        return !IsOfMilter(offense.Source, number) || _told!.IsNewOfMilter(number, offense.RecipientKey);
    }

    /// <inheritdoc cref="IsNew(in Offense)"/>
    public bool IsNew(in Acceptance acceptance) =>
        !IsOfMilter(acceptance.Source, acceptance.Transaction)
        || acceptance.Kind != AcceptanceKind.Message
        || _told!.IsNewOfMilter(acceptance.Transaction, ToldTwice.Message);

    /// <summary>Something has happened.</summary>
    /// <param name="line">The line that tells it.</param>
    /// <param name="read">What it tells.</param>
    public void On(in SyslogLine line, in MailEvent read)
    {
        switch (read.Kind)
        {
            case MailEventKind.Probe when read.IsClaim && _probes.AreCounted:
            case MailEventKind.UnknownRecipient:
                OnUnknownRecipient(line, read);
                break;
            case MailEventKind.Probe when read.IsClaim:
            case MailEventKind.Doubtful:
                OnDoubtful(line, read);
                break;
            case MailEventKind.TransactionEnd:
            case MailEventKind.Relay:
                OnRelay(line, read);
                break;
            case MailEventKind.Delivery:
                _named.OnDelivery(read);
                _delivered!.OnDelivery(line, read);
                break;
            case MailEventKind.ShownUnknown:
                _delivered!.OnShownUnknown(line, read, _keepRecipients);
                break;
            case MailEventKind.Probe when _probes.AreCounted && !_named.IsCopy(line):
                _probes.On(line, read, _keepRecipients);
                break;
            // Without its process a line cannot be joined by it.
            case MailEventKind.Connect when line.ProcessId != 0:
                if (_addresses.TryParse(read.Text, out var peer) && _clock.TryGetTime(line.Stamp, out var time))
                    _transactions.Connect(new ProcessKey(line.ProcessId, line.Host), peer, time.UtcTicks);
                break;
            case MailEventKind.DaemonStart:
                _transactions.ForgetConnects();
                break;
            case MailEventKind.NamedRefusal when !_named.IsCopy(line):
                _named.OnRefusal(line, read, _keepRecipients);
                break;
            case MailEventKind.CalloutRefusal:
                _named.OnCalloutRefusal(read);
                break;
            case MailEventKind.SessionEnd:
                _named.OnSessionEnd(line, read);
                break;
            case MailEventKind.Client:
                _named.OnClient(line, read);
                break;
            case MailEventKind.Taken:
                _named.OnTaken(line, read);
                break;
            case MailEventKind.Overflow when !_named.IsCopy(line):
                OnOverflow(line, read);
                break;
            case MailEventKind.Answer:
                if (_clock.TryGetTime(line.Stamp, out var answered))
                    _lastAnswer = answered.UtcTicks;
                break;
            case MailEventKind.Ambiguous:
                _ambiguous++;
                break;
        }
    }

    private void OnUnknownRecipient(in SyslogLine line, in MailEvent read)
    {
        if (!TryGetTime(line, out var time))
            return;
        var name = _names.Read(read.Recipient, _keepRecipients);
        var key = new TransactionKey(read.Id, line.ProcessId, line.Host);
        // A line that comes after its milter is evidence of what has been counted.
        if (_told?.TrySettle(TransactionKey.NumberOf(read.Id), name.Key) == true)
        {
            ref var known = ref _transactions.Find(key);
            if (!Unsafe.IsNullRef(ref known))
                TakeAnswer(ref known, read.Recipient);
            return;
        }

        _offenses++;
        ref var transaction = ref Touch(key, line, time);
        TakeAnswer(ref transaction, read.Recipient);
        if (read.IsClaim && transaction.Peer is null && _probes.ClientOf(key) is { } client)
            (transaction.Peer, transaction.Source) = (client, PeerSource.SameLine);
        // A client can write a whole line into a recipient: where its process can be asked, or will say at its end, that is believed alone.
        if (transaction.Peer is null && _live is null && !read.Text.IsEmpty && _addresses.TryParse(read.Text, out var named))
            (transaction.Peer, transaction.Source) = (named, PeerSource.SameLine);
        if (transaction.Peer is not null)
        {
            // Some may have waited while the connection could not be seen.
            var (before, host) = (transaction, HostKey.Of(transaction.Peer));
            _judged.JudgeAll(key, ref transaction, host, SenderKind.Unknown, time);
            _judged.Judge(key, TransactionOffenses.Of(key, before, host, SenderKind.Unknown, time, name));
        }
        else
        {
            _uncommitted?.Touch(key);
            if (transaction.Waiting++ == 0)
                transaction.FirstWaiting = time.UtcTicks;
            _names.Add(ref transaction.Names, name);
        }

        _unresolved += _transactions.GiveUp(time.UtcTicks - LongestWait);
    }

    /// <summary>The transaction of a line that is an offense or may be one, with its client where that can be asked for.</summary>
    private ref Transaction Touch(in TransactionKey key, in SyslogLine line, DateTimeOffset time)
    {
        ref var transaction = ref _transactions.Touch(key, time.UtcTicks, out var lost);
        _unresolved += lost;
        transaction.LastOffense = time.UtcTicks;
        _live?.Resolve(key, ref transaction, line.IsRepeated);
        return ref transaction;
    }

    /// <summary>
    /// A line may be a refused recipient, or the mail server's own. A recipient is refused by the process that has begun the transaction,
    /// and before there is a message; of others what a delivery has come to is told.
    /// </summary>
    private void OnDoubtful(in SyslogLine line, in MailEvent read)
    {
        if (read.Id.Sequence != (uint)line.ProcessId % 100_000
            || _messages?.TryFind(new TransactionKey(read.Id, 0, line.Host), 0, out _) == true
            || !_clock.TryGetTime(line.Stamp, out var time))
        {
            _ambiguous++;
            return;
        }

        var key = new TransactionKey(read.Id, line.ProcessId, line.Host);
        ref var transaction = ref Touch(key, line, time);
        if (transaction.Doubts < ushort.MaxValue)
            transaction.Doubts++;
        // What may be an answer, where answers are logged, waits for what follows it.
        var waits = transaction.Answered == 0 && !read.Text.IsEmpty && time.UtcTicks - _lastAnswer <= AnswersOften;
        transaction.Answered = waits ? NumberOf(read.Text) : 0;
        if (!waits && transaction.Peer is not null)
            _judged.JudgeDoubtful(key, ref transaction, HostKey.Of(transaction.Peer), SenderKind.Unknown, time);
    }

    /// <summary>A recipient was refused: if the answer to it was logged before, that is none of the doubtful lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TakeAnswer(ref Transaction transaction, ReadOnlySpan<byte> recipient)
    {
        if (transaction.Answered == 0)
            return;
        if (transaction.Answered == NumberOf(recipient) && transaction.Doubts > 0)
            transaction.Doubts--;
        transaction.Answered = 0;
    }

    private static int NumberOf(ReadOnlySpan<byte> text)
    {
        var hash = default(HashCode);
        hash.AddBytes(text);
        return hash.ToHashCode() | 1;
    }

    /// <summary>
    /// A line is not there since a client has made it too long. That was no guess perhaps, or no fault of its own: some of a host count for
    /// nothing. Of which host it was the process alone can tell, for nobody is blamed because there is no other.
    /// </summary>
    private void OnOverflow(in SyslogLine line, in MailEvent read)
    {
        var process = line.ProcessId;
        if (!read.Text.IsEmpty)
            _ = Utf8Parser.TryParse(read.Text, out process, out _);
        if (!_clock.TryGetTime(line.Stamp, out var time)
            || process == 0
            || _live?.ClientOf(process, line.Host) is not { } peer
            || !_doubtful.IsGuess(HostKey.Of(peer), time))
        {
            _ambiguous++;
            return;
        }

        _offenses++;
        _judgement.Consider(new Offense(peer, time, OffenseKind.UnknownRecipient)
        {
            Source = PeerSource.Connection,
            Mailer = NamedClients.MailerOf(line.Program),
        });
    }

    /// <summary>A line names the client of a transaction, perhaps one that has offenses waiting for it.</summary>
    private void OnRelay(in SyslogLine line, in MailEvent read)
    {
        var isEnd = read.Kind == MailEventKind.TransactionEnd;
        var key = new TransactionKey(read.Id, line.ProcessId, line.Host);
        ref var transaction = ref _transactions.MayHave(line.ProcessId) ? ref _transactions.Find(key) : ref Unsafe.NullRef<Transaction>();
        var hasOffended = !Unsafe.IsNullRef(ref transaction);
        _namesMessages |= read.IsTaken;
        var isEmpty = isEnd && (read.IsEmpty || (read.IsUnnamed && _namesMessages));
        if (!hasOffended && (_messages is null || !(read.MayBeTaken || isEmpty)))
            return;
        // Of mail that is taken all day the key does, and those who guess keep their places among the addresses that are remembered.
        IPAddress? peer = null;
        HostKey host;
        if (!(hasOffended || isEmpty ? _addresses.TryParse(read.Text, out peer, out host) : AddressText.TryParseKey(read.Text, out host)))
        {
            // "RCPT TO:from=<" makes "from=<... Unbalanced '<'": it must not end what waits for the true line. Mail of this
            // machine's users has no address.
            if (hasOffended)
                _ambiguous++;
            return;
        }

        var hasTime = _clock.TryGetTime(line.Stamp, out var time);
        if (hasOffended && transaction.Peer is null && hasTime)
        {
            // The clock of the decision is this line's.
            _judgement.Advance(time);
            (transaction.Peer, transaction.Source) = (peer, PeerSource.LaterLine);
            _uncommitted?.Touch(key);
            _judged.JudgeAll(key, ref transaction, host, read.Sender, time);
        }
        else if (!hasTime)
        {
            _ambiguous++;
        }

        if (!isEnd)
            return;
        if (hasOffended && transaction.Peer is { } known)
            (peer, host) = (known, HostKey.Of(known));
        // What a client is shown of a delivery tells it who there is, also where the line does not tell that there was a message.
        if (read.MayBeTaken && !read.IsTaken)
            _messages?.Add(key, host, read.Sender, recipients: 0);
        if (!hasOffended && isEmpty)
        {
            if (hasTime)
                OnEmpty(line, peer!, host, time);
            return;
        }

        if (hasOffended)
        {
            if (transaction.Doubts > 0 && hasTime)
                _judged.JudgeDoubtful(key, ref transaction, host, read.Sender, time);
            _unresolved += transaction.Waiting;
            if (transaction.Waiting > 0)
                _uncommitted?.Touch(key);
            _names.GiveBack(ref transaction.Names);
            _transactions.Remove(key);
        }

        if (_messages is not null && hasTime)
            OnEnd(key, read, peer, host, time, hasOffended);
        // The same wrong name again and again is one name, and fills the log as well as none does.
        if (_messages is not null && hasTime && isEmpty)
            OnEmpty(line, peer!, host, time);
    }

    /// <summary>A transaction is over that has brought no message, whatever it has asked for.</summary>
    private void OnEmpty(in SyslogLine line, IPAddress peer, HostKey host, DateTimeOffset time)
    {
        if (!_empty.IsTooMany(host, time))
            return;
        _offenses++;
        _judgement.Consider(new Offense(peer, time, OffenseKind.EmptyTransactions)
        {
            Source = PeerSource.SameLine,
            Mailer = NamedClients.MailerOf(line.Program),
        });
    }

    /// <summary>A transaction is over, and somebody wants to know what came of it.</summary>
    private void OnEnd(in TransactionKey key, in MailEvent read, IPAddress? peer, HostKey host, DateTimeOffset time, bool hasOffended)
    {
        _judgement.Advance(time);
        if (read.IsTaken)
        {
            _messages!.Add(key, host, read.Sender, read.Recipients);
            if (_told?.IsNewOfLog(TransactionKey.NumberOf(key.Id), ToldTwice.Message) != false)
                _judgement.Accept(new Acceptance(peer!, time, read.Recipients)
                {
                    Key = host,
                    Sender = read.Sender,
                    Source = PeerSource.SameLine,
                    Transaction = key.Number,
                });
        }

        if (hasOffended)
            _judgement.End(
                new TransactionEnd(peer!, time, key.Number) { Sender = read.Sender, Recipients = read.Recipients, IsTaken = read.IsTaken });
    }

    private bool IsOfMilter(PeerSource source, ulong transaction) => _told is not null && source == PeerSource.Milter && transaction != 0;

    private WaitingTransaction Describe(in TransactionKey key, in Transaction transaction) => new(
        key.Id.ToString(), key.ProcessId, _lines.HostName(key.Host), transaction.Waiting,
        new DateTimeOffset(transaction.FirstWaiting, TimeSpan.Zero), new DateTimeOffset(transaction.LastOffense, TimeSpan.Zero),
        WaitingNames.TextsOf(transaction.Names));

    private bool TryGetTime(in SyslogLine line, out DateTimeOffset time)
    {
        if (_clock.TryGetTime(line.Stamp, out time))
            return true;
        _ambiguous++;
        return false;
    }
}
