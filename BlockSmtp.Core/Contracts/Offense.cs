using System.Net;
using BlockSmtp.Addresses;

namespace BlockSmtp;

/// <summary>One wrong guess, with the host that made it.</summary>
/// <param name="Peer">The host. IPv4 addresses are always plain IPv4, never IPv4-mapped IPv6.</param>
/// <param name="Time">When it happened: the time of arrival in a running daemon, the stamp in the log in a replay. UTC.</param>
/// <param name="Kind">What was guessed with.</param>
public readonly record struct Offense(IPAddress Peer, DateTimeOffset Time, OffenseKind Kind)
{
    private readonly IPAddress _peer = Peer;

    /// <summary>The host. IPv4 addresses are always plain IPv4, never IPv4-mapped IPv6.</summary>
    public IPAddress Peer
    {
        get => _peer;
        init => (_peer, Key) = (value, HostKey.Of(value));
    }

    /// <summary>What told the host.</summary>
    public PeerSource Source { get; init; }

    /// <summary>
    /// The name that was tried, as the client wrote it but made printable and cut at 100 characters; null unless
    /// <see cref="DetectionOptions.KeepRecipients"/> is set, and for some of many that waited for their host.
    /// </summary>
    public string? Recipient { get; init; }

    /// <summary>
    /// The name that was tried as a number: equal for equal names within a run of the program (of a plain address without case and what
    /// follows a plus sign, else of all that the client wrote), 0 where it is not known, also of a text so long that a log shortens it:
    /// each of these counts as another name. Unlike <see cref="Recipient"/> it is always kept. A client cannot choose names that share one.
    /// </summary>
    public ulong RecipientKey { get; init; }

    /// <summary>
    /// The first eight characters of the name, in small letters, as a number that is larger the later in the alphabet: who goes through a
    /// sorted list shows by it. 0 where the name is not known.
    /// </summary>
    public ulong RecipientOrder { get; init; }

    /// <summary>The transaction that it was made in, as a number; 0 where there is none or it is not known.</summary>
    public ulong Transaction { get; init; }

    /// <summary>
    /// Whether a log that tells the same (<see cref="DetectionEngineOptions.JoinsMilter"/>) names the host and no transaction, as Postfix's
    /// does: then it is known again by host and name. Default: false, by transaction and name.
    /// </summary>
    public bool IsLoggedByHost { get; init; }

    /// <summary>
    /// Whose mail it was to be; <see cref="TransactionEnd"/> tells later where it is not known yet. A log tells it when the transaction is
    /// over, a milter (<see cref="PeerSource.Milter"/>) while it goes on.
    /// </summary>
    public SenderKind Sender { get; init; }

    /// <summary>
    /// How many different recipients of the transaction the mail server had accepted by then. A log tells it when the transaction is over
    /// (<see cref="TransactionEnd.Recipients"/>), a milter while it goes on; 0 where it is not known.
    /// </summary>
    public int AcceptedBefore { get; init; }

    /// <summary>Which mail server has logged it; <see cref="BlockSmtp.Mailer.Auto"/> where no line has told it.</summary>
    public Mailer Mailer { get; init; }

    /// <summary>The host of the fleet (<see cref="IFleet"/>) that has seen it; null for this one.</summary>
    public string? Node { get; init; }

    /// <summary>Whether an earlier run has counted it: what is decided now was not decided then.</summary>
    internal bool IsRestored { get; init; }

    /// <summary>The host as a key: several tables are asked for it, so it is made once.</summary>
    internal HostKey Key { get; private init; } = HostKey.Of(Peer);

    /// <summary>The host with its key, for who knows that: the object need not be looked at then.</summary>
    internal (IPAddress Address, HostKey Key) KnownPeer
    {
        init => (_peer, Key) = value;
    }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(Offense), PrintMembers);
}
