namespace BlockSmtp.Grammars;

/// <summary>What a log line of sendmail tells.</summary>
internal enum MailEventKind
{
    /// <summary>Nothing for us.</summary>
    None,

    /// <summary>It looks like an offense, but does not read like one that sendmail writes. Counts as nothing.</summary>
    Ambiguous,

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
    /// A message of the queue id was delivered to one recipient (<see cref="MailEvent.Recipient"/>), in another process than the one that took it. Asked for
    /// only where somebody wants acceptances.
    /// </summary>
    Delivery,
}
