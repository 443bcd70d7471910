using System.Net;

namespace BlockSmtp.Transactions;

/// <summary>What is known of one transaction.</summary>
internal struct Transaction
{
    /// <summary>The client; null while unknown.</summary>
    public IPAddress? Peer;

    /// <summary>What told the client.</summary>
    public PeerSource Source;

    /// <summary>Offenses that wait for the client to become known.</summary>
    public int Waiting;

    /// <summary>The first few names that the waiting offenses tried; null for none, or where nobody keeps them.</summary>
    public List<TriedName>? Names;

    /// <summary>When the first waiting offense happened, and the last of all, in ticks UTC.</summary>
    public long FirstWaiting;
    public long LastOffense;

    /// <summary>
    /// How many lines that may be the mail server's own wait for the client (<see cref="Grammars.MailEventKind.Doubtful"/>).
    /// </summary>
    public ushort Doubts;

    /// <summary>
    /// What stands for the recipient that the last of those lines repeats, if it does: sendmail's own answer, which a refusal of him
    /// follows, is none; 0 for none.
    /// </summary>
    public int Answered;

    /// <summary>True when asking the live process again would not help.</summary>
    public bool LookedUp;
}
