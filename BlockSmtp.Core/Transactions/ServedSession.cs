using System.Net;

namespace BlockSmtp.Transactions;

/// <summary>A client that a process serves, and that has made wrong guesses. The process may have served others before.</summary>
internal struct ServedSession
{
    /// <summary>The client; null for none.</summary>
    public IPAddress? Peer;

    /// <summary>The session as a number, as <see cref="Offense.Transaction"/> has it.</summary>
    public ulong Number;

    /// <summary>Whose mail it was to be, each time.</summary>
    public SenderKind Sender;
}
