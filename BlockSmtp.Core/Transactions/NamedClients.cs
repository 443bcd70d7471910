using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>
/// From events to facts where the lines themselves name their clients, as Postfix's and Exim's do. Nothing has to wait there; what is
/// joined is a session's guesses with its end, and a message with its client.
/// </summary>
/// <param name="clock">Tells when a line was written.</param>
/// <param name="addresses">Reads addresses.</param>
/// <param name="judgement">Judges the facts.</param>
/// <param name="messages">Who has brought which message; null where nobody wants to know.</param>
/// <param name="names">Reads names.</param>
/// <param name="processes">Is told of processes whose next lines matter.</param>
/// <param name="doubtful">Counts the lines that may be no guess.</param>
/// <param name="told">Knows what a milter has told before; null where there is none.</param>
/// <param name="machine">What the machine that logs calls itself; null where nobody knows.</param>
internal sealed class NamedClients(
    ILineClock clock,
    AddressCache addresses,
    Judgement judgement,
    TakenMessages? messages,
    WaitingNames names,
    ProcessFilter processes,
    DoubtfulLines doubtful,
    ToldTwice? told,
    string? machine)
{
    private const int MostSessions = 16_384;

    private readonly AgingTable<ProcessKey, ServedSession> _sessions = new(MostSessions);
    private readonly AgingTable<ProcessKey, int> _copied = new(MostSessions);
    private readonly OwnDomains _ownDomains = new(machine);
    private readonly AnnouncedSenders _announced = new();
    private readonly Callouts _callouts = new();
    private ulong _lastNumber;

    /// <summary>How many wrong guesses there were.</summary>
    public long Offenses { get; private set; }

    /// <summary>How many lines looked like one but named no client, or no time.</summary>
    public long Ambiguous { get; private set; }

    /// <summary>The mail server that a program is of.</summary>
    public static Mailer MailerOf(LogProgram program) => program switch
    {
        LogProgram.Exim => Mailer.Exim,
        LogProgram.Smtpd or LogProgram.PostfixOther => Mailer.Postfix,
        _ => Mailer.Sendmail,
    };

    /// <summary>A recipient was refused as unknown.</summary>
    public void OnRefusal(in SyslogLine line, in MailEvent read, bool keepsText)
    {
        // Only who weighs names can bear what others may have forged.
        if (read.IsSender && (messages is null || !IsNewOwnSender(read)))
            return;
        if (!addresses.TryParse(read.Text, out var peer, out var host) || !clock.TryGetTime(line.Stamp, out var time))
        {
            Ambiguous++;
            return;
        }

        if ((read.IsDoubtful || read.Callout != CalloutAnswer.None) && !IsGuess(read, host, time))
            return;
        judgement.Advance(time);
        var name = names.Read(read.Recipient, keepsText);
        if (told?.IsNewOfLog(ToldTwice.NumberOf(host), name.Key) == false)
            return;
        Offenses++;
        judgement.Consider(default(Offense) with
        {
            KnownPeer = (peer, host),
            Time = time,
            Kind = OffenseKind.UnknownRecipient,
            Source = PeerSource.SameLine,
            Mailer = MailerOf(line.Program),
            Recipient = name.Text,
            RecipientKey = name.Key,
            RecipientOrder = name.Order,
            Sender = read.Sender,
            Transaction = line.ProcessId == 0 || line.Program != LogProgram.Smtpd || read.IsSender
                ? 0
                : SessionOf(line, peer, read),
        });
    }

    /// <summary>A recipient was refused since another server has refused him for what is no guess.</summary>
    public void OnCalloutRefusal(in MailEvent read) => _callouts.Note(read.Recipient, isUnknown: false);

    /// <summary>
    /// Whether a refusal is a guess that is doubtful, or comes after a callout. What an answer was that is only remembered is known where
    /// that was seen; else, and in doubt, some of a host count for nothing.
    /// </summary>
    private bool IsGuess(in MailEvent read, in HostKey host, DateTimeOffset time)
    {
        if (read.Callout == CalloutAnswer.SaysUnknown)
            _callouts.Note(read.Recipient, isUnknown: true);
        if (read.Callout == CalloutAnswer.Remembered && _callouts.TryFind(read.Recipient, out var isUnknown))
            return isUnknown;
        if (!read.IsDoubtful && read.Callout == CalloutAnswer.SaysUnknown)
            return true;
        if (doubtful.IsGuess(host, time))
            return true;
        Ambiguous++;
        return false;
    }

    /// <summary>Whether a sender that was refused is of the site's, as far as it claims, and was not told of before.</summary>
    private bool IsNewOwnSender(in MailEvent read)
    {
        var isOwn = _ownDomains.MayHave(read.Domain);
        // Of the many that are of others the key does, and those who guess keep their places among the addresses that are remembered.
        if (!AddressText.TryParseKey(read.Text, out var host))
            return isOwn;
        if (!read.IsAnnounced)
            return !_announced.TrySettle(host, !read.Recipient.IsEmpty) && isOwn;
        _announced.Note(host, isOwn);
        return isOwn;
    }

    /// <summary>A message was delivered: perhaps on this machine.</summary>
    public void OnDelivery(in MailEvent read) => _ownDomains.Note(read.Domain);

    /// <summary>
    /// Whether a line is the copy of the one before it of its process: what Exim writes to its main log and to its reject log comes twice
    /// where both are syslog (<c>syslog_duplication</c>, which is on unless somebody turns it off).
    /// </summary>
    public bool IsCopy(in SyslogLine line)
    {
        if (line.Program != LogProgram.Exim || line.ProcessId == 0)
            return false;
        var message = line.Message;
        // After DATA the reject log has the message's header too, in further lines of the entry.
        if (message.StartsWith("[1\\"u8))
            message = message[(message.IndexOf((byte)' ') + 1)..];
        var hash = default(HashCode);
        hash.AddBytes(message);
        var text = hash.ToHashCode() | 1;
        ref var last = ref _copied.Touch(new ProcessKey(line.ProcessId, line.Host), out _, out _);
        var isCopy = last == text;
        last = isCopy ? 0 : text;
        return isCopy;
    }

    /// <summary>A process has done with a client.</summary>
    public void OnSessionEnd(in SyslogLine line, in MailEvent read)
    {
        var process = new ProcessKey(line.ProcessId, line.Host);
        ref var known = ref _sessions.Find(process);
        if (Unsafe.IsNullRef(ref known) || known.Peer is not { } peer)
            return;
        var session = known;
        _sessions.Remove(process);
        processes.Remove(process.ProcessId);
        if (!addresses.TryParse(read.Text, out var named) || !named.Equals(peer) || !clock.TryGetTime(line.Stamp, out var time))
            return;
        judgement.Advance(time);
        var end = new TransactionEnd(peer, time, session.Bounces)
        {
            Sender = SenderKind.Null,
            Recipients = Math.Max(0, read.Recipients - session.TakenBack),
            // Each other name may have had a message of its own, that was none of the bounces.
            Messages = Math.Max(0, read.Messages - session.OtherNames),
            IsTaken = read.IsTaken,
        };
        // What turns out to be bounces weighs less before the rest is judged.
        if (session.Bounces != 0)
            judgement.End(end);
        if (session.Others != 0)
            judgement.End(end with { Transaction = session.Others, Sender = SenderKind.Named, Messages = read.Messages });
    }

    /// <summary>The client of a message that may be taken.</summary>
    public void OnClient(in SyslogLine line, in MailEvent read)
    {
        if (messages is not null && AddressText.TryParseKey(read.Text, out var host))
            messages.Begin(new TransactionKey(read.Id, 0, line.Host), host);
    }

    /// <summary>A message was taken.</summary>
    public void OnTaken(in SyslogLine line, in MailEvent read)
    {
        var key = new TransactionKey(read.Id, 0, line.Host);
        if (messages is null || !clock.TryGetTime(line.Stamp, out var time))
            return;
        if (read.Text.IsEmpty)
        {
            // The queue manager says so each time that it takes the message up again.
            if (!messages.TryTake(key, read.Sender, out var client))
                return;
            judgement.Advance(time);
            if (told?.IsNewOfLog(TransactionKey.NumberOf(read.Id), ToldTwice.Message) != false)
                judgement.Accept(
                    new Acceptance(null!, time, read.Recipients) { Key = client, Sender = read.Sender, Source = PeerSource.LaterLine });
        }
        else if (AddressText.TryParseKey(read.Text, out var host))
        {
            messages.Add(key, host, read.Sender, byte.MaxValue);
            judgement.Advance(time);
            judgement.Accept(
                new Acceptance(null!, time, read.Recipients) { Key = host, Sender = read.Sender, Source = PeerSource.SameLine });
        }
    }

    /// <summary>
    /// The number of the session in which a process serves a client, or of its bounces. Its end may have been missed, so another client is
    /// another session.
    /// </summary>
    private ulong SessionOf(in SyslogLine line, System.Net.IPAddress peer, in MailEvent read)
    {
        var process = new ProcessKey(line.ProcessId, line.Host);
        var isFull = _sessions.Count == MostSessions;
        ProcessKey oldest = default;
        if (isFull)
            _sessions.TryPeekOldest(out oldest, out _);
        ref var session = ref _sessions.Touch(process, out var isNew, out _);
        if (isNew)
        {
            processes.Add(process.ProcessId);
            if (isFull)
                processes.Remove(oldest.ProcessId);
        }

        if (session.Peer?.Equals(peer) != true)
            session = new ServedSession { Peer = peer };
        session.TakenBack += read.Recipients;
        if (read.Sender != SenderKind.Null)
            session.OtherNames++;
        ref var number = ref read.Sender == SenderKind.Null ? ref session.Bounces : ref session.Others;
        if (number == 0)
            number = Math.Max(1, (++_lastNumber ^ ((ulong)(uint)process.GetHashCode() << 32)) * 0x9E3779B97F4A7C15);
        return number;
    }
}
