using System.Net;

namespace BlockSmtp.Scoring;

/// <summary>
/// What hosts have asked for as the log tells it, for a score where nobody has noted more: the wrong names, each at its line, and the
/// messages that were taken.
/// </summary>
/// <remarks>
/// A log does not tell which right names were asked for and left, nor when a message began. So what guessers learn is not known from it,
/// and a block that ends during a message
/// counts as none.
/// </remarks>
/// <param name="truth">Only of hosts of it anything is kept.</param>
internal sealed class LogTransactions(Truth truth) : IEngineObserver
{
    private readonly List<ScoredTransaction> _all = [];
    private readonly Dictionary<ulong, List<ScoredRecipient>> _open = [];

    /// <summary>The transactions so far.</summary>
    public IReadOnlyCollection<ScoredTransaction> All => _all;

    /// <summary>
    /// The time of the last message that was taken; null before the first. A replay that does not know the year of its log may tell a later
    /// one than it was.
    /// </summary>
    public DateTimeOffset? LastMessage { get; private set; }

    /// <summary>A policy that judges as another one and has the messages noted here, which an observer is not told of.</summary>
    /// <param name="policy">Decides which offenses are too many; null for none.</param>
    /// <returns>The policy.</returns>
    public IOffenderPolicy Around(IOffenderPolicy? policy) => new NotingPolicy(this, policy);

    /// <inheritdoc/>
    public void OnOffense(in Offense offense)
    {
        if (truth.Find(offense.Peer) is null)
            return;
        var recipient = new ScoredRecipient(offense.Time, offense.RecipientKey, IsRight: false);
        if (offense.Transaction != 0 && _open.TryGetValue(offense.Transaction, out var open))
        {
            open.Add(recipient);
            return;
        }

        List<ScoredRecipient> recipients = [recipient];
        if (offense.Transaction != 0)
            _open[offense.Transaction] = recipients;
        Add(offense.Peer, offense.Time, isTaken: false, recipients);
    }

    private void Accept(in Acceptance acceptance)
    {
        if (acceptance.Kind != AcceptanceKind.Message || truth.Find(acceptance.Peer) is null)
            return;
        LastMessage = acceptance.Time;
        Add(acceptance.Peer, acceptance.Time, isTaken: true,
            Enumerable.Repeat(new ScoredRecipient(acceptance.Time, 0, IsRight: true), acceptance.Recipients));
    }

    private void Add(IPAddress peer, DateTimeOffset time, bool isTaken, IEnumerable<ScoredRecipient> recipients) =>
        _all.Add(new ScoredTransaction(peer, time, time, isTaken, recipients as List<ScoredRecipient> ?? [.. recipients]));

    private sealed class NotingPolicy(LogTransactions log, IOffenderPolicy? policy) : IOffenderPolicy
    {
        public bool WantsAcceptances => true;

        public Verdict Judge(in Offense offense) => policy?.Judge(offense) ?? Verdict.None;

        public void Accept(in Acceptance acceptance)
        {
            log.Accept(acceptance);
            if (policy is { WantsAcceptances: true })
                policy.Accept(acceptance);
        }

        public Verdict End(in TransactionEnd end) => policy is { WantsAcceptances: true } ? policy.End(end) : Verdict.None;

        public void TakeOwn(IReadOnlyCollection<IPAddress> addresses) => policy?.TakeOwn(addresses);

        public GuessingAlarm? TakeAlarm() => policy?.TakeAlarm();
    }
}
