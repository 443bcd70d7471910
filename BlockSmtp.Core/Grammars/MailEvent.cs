namespace BlockSmtp.Grammars;

/// <summary>What one log line tells; its text points into the line.</summary>
internal ref struct MailEvent
{
    public MailEventKind Kind;

    /// <summary>The transaction; default for <see cref="MailEventKind.Connect"/> and <see cref="MailEventKind.DaemonStart"/>.</summary>
    public QueueId Id;

    /// <summary>
    /// The text that names the client: the address alone for a probe, a relay and a connect, the whole text for the end of a
    /// transaction. For a doubtful line, the recipient to whom it is an answer, if it is.
    /// </summary>
    public ReadOnlySpan<byte> Text;

    /// <summary>
    /// The name that an unknown recipient or a probe tried, as the client wrote it; of a delivery, the recipient, or several:
    /// <c>&lt;anna@example.org&gt;,&lt;bob@example.org&gt;</c>.
    /// </summary>
    public ReadOnlySpan<byte> Recipient;

    /// <summary>Of the end of a transaction, or a message taken: whose mail it was.</summary>
    public SenderKind Sender;

    /// <summary>
    /// Of the end of a transaction, or a message taken: how many recipients were accepted; of a refusal: how many of those it takes back.
    /// </summary>
    public int Recipients;

    /// <summary>Of the end of a session: how many messages were begun in it.</summary>
    public int Messages;

    /// <summary>Of a part of a message: the how manieth it is, from 1 to 999.</summary>
    public ushort Part;

    /// <summary>Of a part of a message: how many there are; 0 where each but the last ends in <c> ...</c>.</summary>
    public ushort Parts;

    /// <summary>Of a part of a message: how many blanks a log has stripped from its end.</summary>
    public int MissingBlanks;

    /// <summary>
    /// Of the end of a transaction: whether the mail server has taken a message, so that the accepted recipients were no mere questions.
    /// </summary>
    public bool IsTaken;

    /// <summary>
    /// Of the end of a transaction: whether there may be a message all the same, and so deliveries that the client is shown.
    /// </summary>
    public bool MayBeTaken;

    /// <summary>Of the end of a transaction: whether it has brought no message.</summary>
    public bool IsEmpty;

    /// <summary>
    /// Of a delivery: whether the recipient may be one of several whom an alias stands for, so that the client has not named it.
    /// </summary>
    public bool IsOfAlias;

    /// <summary>Of a refusal: whether the name is that of a sender of this site's, which others may have forged.</summary>
    public bool IsSender;

    /// <summary>Of a refusal: whether it may say something else than that there is no such mailbox.</summary>
    public bool IsDoubtful;

    /// <summary>Of a sender that was refused: whether the refusal itself is yet to come, in a line of its own.</summary>
    public bool IsAnnounced;

    /// <summary>Of a refusal that names its client: what it tells of a callout.</summary>
    public CalloutAnswer Callout;

    /// <summary>
    /// Of a probe: whether a client may have written all of the line into a recipient, so that it names nobody.
    /// </summary>
    public bool IsClaim;

    /// <summary>
    /// Of a delivery on this machine: the domain of its recipient, which is the site's. Of a sender that was refused: the domain that has
    /// to be one of the site's for it to count; empty where the line itself tells that it is.
    /// </summary>
    public ReadOnlySpan<byte> Domain;

    /// <summary>
    /// Of the end of a transaction: whether no message is named that it has brought, as each one is where the mail server logs enough.
    /// </summary>
    public bool IsUnnamed;
}
