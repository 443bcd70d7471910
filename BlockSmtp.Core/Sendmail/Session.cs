using System.Net;

namespace BlockSmtp.Sendmail;

/// <summary>What is known of one transaction.</summary>
internal struct Session
{
    /// <summary>The client; null while unknown.</summary>
    public IPAddress? Peer;

    /// <summary>Offenses that wait for the client to become known.</summary>
    public int Waiting;

    /// <summary>When the first waiting offense happened, and the last of all, in ticks UTC.</summary>
    public long FirstWaiting;
    public long LastOffense;

    /// <summary>True when asking the live process again would not help.</summary>
    public bool LookedUp;
}
