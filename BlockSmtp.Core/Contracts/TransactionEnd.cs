using System.Net;

namespace BlockSmtp;

/// <summary>
/// A transaction in which a host has made wrong guesses is over, and what is known late is known now: whose mail it was, and
/// how many recipients were right.
/// </summary>
/// <param name="Peer">The host. IPv4 addresses are always plain IPv4, never IPv4-mapped IPv6.</param>
/// <param name="Time">When it ended. UTC.</param>
/// <param name="Transaction">Which one: <see cref="Offense.Transaction"/> of the offenses in it.</param>
public readonly record struct TransactionEnd(IPAddress Peer, DateTimeOffset Time, ulong Transaction)
{
    /// <summary>Whose mail it was.</summary>
    public SenderKind Sender { get; init; }

    /// <summary>
    /// How many recipients were accepted; 0 for none. A milter tells how many different ones, sendmail's log how many were written:
    /// <c>user+1</c> and <c>user+2</c> are two there.
    /// </summary>
    public int Recipients { get; init; }

    /// <summary>Whether a message was taken for them. Recipients that were accepted and got nothing were mere questions.</summary>
    public bool IsTaken { get; init; }

    /// <summary>
    /// How many messages were begun in it (MAIL), where it stands for a whole session, as Postfix logs it: of many, with a null sender,
    /// each wrong name may have been a bounce. 0 where that is not known.
    /// </summary>
    public int Messages { get; init; }

    /// <summary>
    /// Whether its wrong names were bounces, or a server's question whether an address exists: these have one recipient, and no sender.
    /// </summary>
    /// <param name="names">How many different wrong names were tried in it.</param>
    internal bool IsQuestion(int names) => Sender == SenderKind.Null && names + Recipients <= Math.Max(1, Messages);

    /// <summary>Whether the host is blocked meanwhile. Then nothing can come of it but <see cref="Verdict.Release"/>.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>The host of the fleet that has seen it; null for this one.</summary>
    internal string? Node { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(TransactionEnd), PrintMembers);
}
