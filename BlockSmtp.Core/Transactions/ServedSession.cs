using System.Net;

namespace BlockSmtp.Transactions;

/// <summary>A client that a process serves, and that has made wrong guesses. The process may have served others before.</summary>
internal struct ServedSession
{
    /// <summary>The client; null for none.</summary>
    public IPAddress? Peer;

    /// <summary>
    /// What was to be mail of a null sender, as a number, as <see cref="Offense.Transaction"/> has it; 0 for none. It stands apart from the
    /// rest: a server sends bounces and other mail in one session.
    /// </summary>
    public ulong Bounces;

    /// <summary>What was to be other mail, as a number; 0 for none.</summary>
    public ulong Others;

    /// <summary>How many wrong names there were for other mail.</summary>
    public int OtherNames;

    /// <summary>How many recipients were accepted, and refused after all (at DATA).</summary>
    public int TakenBack;
}
