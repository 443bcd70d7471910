using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>From events to facts of messages that were taken: what comes of them is logged later, and by other processes.</summary>
/// <param name="clock">Tells when a line was written.</param>
/// <param name="judgement">Judges the facts.</param>
/// <param name="messages">Who has brought which message.</param>
/// <param name="names">Reads names.</param>
internal sealed class DeliveredMail(ILineClock clock, Judgement judgement, TakenMessages messages, WaitingNames names)
{
    private readonly OwnDeliveries _ownDeliveries = new();

    /// <summary>How many wrong guesses there were.</summary>
    public long Offenses { get; private set; }

    /// <summary>How many lines looked like one but had no time.</summary>
    public long Ambiguous { get; private set; }

    /// <summary>A message was delivered to one recipient, or to several.</summary>
    public void OnDelivery(in SyslogLine line, in MailEvent read)
    {
        // One alias may stand for many, of whom the first counts then.
        var key = RecipientName.KeyOfAccepted(read.Recipient);
        // A plain address has no comma.
        var count = key != 0 ? 1 : 1 + read.Recipient.Count(">,<"u8);
        if (!messages.TryFind(new TransactionKey(read.Id, 0, line.Host), count, out var message)
            || !clock.TryGetTime(line.Stamp, out var time))
            return;
        judgement.Advance(time);
        if (count == 1)
        {
            if (read.IsOfAlias && !message.IsToOne)
                key = 0;
            _ownDeliveries.Note(key);
            if (message.Earns > 0)
                Accept(message, key, time);
            return;
        }

        // A mailer that delivers to several at once has them in one line, <anna@example.org>,<bob@example.org>; so has a recipient that
        // was written so, and then the message is the last one's alone. How many were accepted does not tell: bob+1, bob+2, … are many.
        if (message.Earns == 0)
            return;
        var last = RecipientName.KeyOfAccepted(read.Recipient[(read.Recipient.LastIndexOf(">,<"u8) + 2)..]);
        Accept(message, _ownDeliveries.Has(last) ? last : 0, time);
    }

    /// <summary>
    /// A client waits while its message is delivered, and may be shown that there is no mailbox of this name: a guess like any other,
    /// the transaction of which is over.
    /// </summary>
    public void OnShownUnknown(in SyslogLine line, in MailEvent read, bool keepsText)
    {
        if (!messages.TryFind(new TransactionKey(read.Id, 0, line.Host), 0, out var message))
            return;
        if (!clock.TryGetTime(line.Stamp, out var time))
        {
            Ambiguous++;
            return;
        }

        Offenses++;
        judgement.Advance(time);
        var name = names.Read(read.Recipient, keepsText);
        judgement.Consider(new Offense(message.Peer.ToAddress(), time, OffenseKind.UnknownRecipient)
        {
            Source = PeerSource.LaterLine,
            Mailer = NamedClients.MailerOf(line.Program),
            Sender = message.Sender,
            Recipient = name.Text,
            RecipientKey = name.Key,
            RecipientOrder = name.Order,
        });
    }

    private void Accept(in TakenMessages.Message message, ulong recipient, DateTimeOffset time) =>
        judgement.Accept(new Acceptance(null!, time, 1)
        {
            Key = message.Peer,
            Kind = AcceptanceKind.Delivery,
            Sender = message.Sender,
            Source = PeerSource.LaterLine,
            RecipientKey = recipient,
            IsFirst = message.IsFirst,
        });
}
