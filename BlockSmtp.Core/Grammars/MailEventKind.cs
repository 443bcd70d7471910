namespace BlockSmtp.Grammars;

/// <summary>What a log line of a mail server tells.</summary>
internal enum MailEventKind
{
    /// <summary>Nothing for us.</summary>
    None,

    /// <summary>It looks like an offense, but does not read like one that sendmail writes. Counts as nothing.</summary>
    Ambiguous,

    /// <summary>
    /// It ends as a refused recipient does and reads like a line of the mail server's own, which a client can write into a recipient: a
    /// few of a host count for nothing.
    /// </summary>
    Doubtful,

    /// <summary>A recipient was refused as unknown. The client is not named.</summary>
    UnknownRecipient,

    /// <summary>A VRFY or EXPN, with the client.</summary>
    Probe,

    /// <summary>The client of a transaction that goes on.</summary>
    Relay,

    /// <summary>A transaction is over; the client is at the end of <see cref="MailEvent.Text"/>.</summary>
    TransactionEnd,

    /// <summary>A process begins to serve a client (LogLevel 10 and above). There is no queue id.</summary>
    Connect,

    /// <summary>The daemon has started, perhaps with another LogLevel than before.</summary>
    DaemonStart,

    /// <summary>
    /// A message of the queue id was delivered to one recipient (<see cref="MailEvent.Recipient"/>), in another process than the one that
    /// took it. Asked for only where somebody wants acceptances.
    /// </summary>
    Delivery,

    /// <summary>
    /// The mail server's own mailer does not know <see cref="MailEvent.Recipient"/>, to whom a message of the queue id was to go, or its
    /// receipt, and the client still waits: one that has said VERB is shown it. Asked for only where somebody wants acceptances.
    /// </summary>
    ShownUnknown,

    /// <summary>
    /// A recipient was refused as unknown, and the line itself names the client (<see cref="MailEvent.Text"/>), as Postfix's and Exim's do.
    /// </summary>
    NamedRefusal,

    /// <summary>
    /// <see cref="MailEvent.Recipient"/> was refused since another mail server that was asked for him (a callout) has refused him: because
    /// his mailbox is full perhaps, which is no guess.
    /// </summary>
    CalloutRefusal,

    /// <summary>
    /// A process has done with a client (<see cref="MailEvent.Text"/>) and may serve another: how many recipients were accepted, and
    /// whether a message was taken.
    /// </summary>
    SessionEnd,

    /// <summary>
    /// The client (<see cref="MailEvent.Text"/>) of a queue id whose message may be taken later. Asked for only where somebody wants
    /// acceptances.
    /// </summary>
    Client,

    /// <summary>
    /// A message was taken, of the client in <see cref="MailEvent.Text"/>, or else of that which <see cref="Client"/> has named. Asked for
    /// only where somebody wants acceptances.
    /// </summary>
    Taken,

    /// <summary>
    /// A part of a message that was too long for one line: its number, its text, and in <see cref="MailEvent.Recipient"/>
    /// what stands before the number.
    /// </summary>
    Part,

    /// <summary>
    /// A line was too long for the mail server, which a client can bring about, and nothing of it is there: of
    /// <see cref="MailEvent.Text"/>, the process, where the syslog names none.
    /// </summary>
    Overflow,

    /// <summary>The mail server logs its answers, too.</summary>
    Answer,
}
