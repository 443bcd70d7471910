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
    public int Doubts;

    /// <summary>True when asking the live process again would not help.</summary>
    public bool LookedUp;
}
