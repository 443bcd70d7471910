using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;

namespace BlockSmtp.Policies;

/// <summary>
/// Blocks a host when the different wrong names that it has tried within a window outnumber a limit and three quarters of the recipients
/// that it has really delivered mail to. So a provider, whose customers mistype now and then, is let through, and who only guesses is not.
/// </summary>
/// <remarks>
/// A name counts once; a recipient earns once in <see cref="BalancePolicyOptions.CreditHalfLife"/>. A host that has never delivered
/// anything and comes back after a block is blocked again at its first wrong name within a window. What a block was made of has used up as
/// much of what its host has earned. An IPv6 /64 is one host; it is blocked as a whole when several of its addresses have guessed and none
/// has delivered. Remembers a bounded number of hosts.
/// </remarks>
public sealed class BalancePolicy : IOffenderPolicy
{
    private const int MostOpen = 65_536;
    private const double Delivers = 0.5;

    // Whoever has delivered to so many may empty its queue of what is refused for now. One that is known to a guesser is too few.
    private const double DeliversMuch = 8;

    // Whoever has asked for so many names within a window, all of them bounces, is taken for a bouncing server, for as many at once.
    private const int Bouncing = 20;
    private const int BouncesAtOnce = 2;

    private static readonly long Old = TimeSpan.FromHours(2).Ticks;

    // So many right recipients for each wrong name make a list and no guessing.
    private const int NearlyAll = 5;

    private readonly HostTable<Score> _hosts;
    private readonly TriedNames _names = new();
    private readonly AgingTable<ulong, OpenTransaction> _open = new(MostOpen);
    private readonly Deliveries _deliveries;
    private readonly OtherHosts _others;
    private readonly Amnesty _amnesty = new();
    private volatile BalancePolicyOptions _options;
    private volatile HostKey[] _own = [];
    private ulong _nameless;
    private long _begun;
    private GuessingAlarm? _alarm;
    private long _lastTime;

    /// <summary>Makes a policy.</summary>
    /// <param name="options">What is too much; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public BalancePolicy(BalancePolicyOptions? options = null)
    {
        _options = options ?? new BalancePolicyOptions();
        _options.Validate();
        _hosts = new HostTable<Score>(_options.MaxHosts);
        _deliveries = new Deliveries(_options.MaxHosts, areSummed: true);
        _others = new OtherHosts(_options.MaxHosts, _deliveries);
    }

    /// <inheritdoc/>
    public bool WantsAcceptances => true;

    /// <summary>What is known of a host that has tried wrong names.</summary>
    private struct Score
    {
        public Chain<TriedName> Names;
        public PastBlocks Past;

        // Which of the addresses of a network it was first, by its hash, and whether there were more.
        public int Address;
        public bool HasSeveral;

        // How many of its transactions with a wrong name are not over.
        public ushort Open;
    }

    /// <summary>
    /// Judges by other limits from the next offense on; what hosts have done so far still counts. May be called from any thread.
    /// </summary>
    /// <param name="options">The limits; <see cref="BalancePolicyOptions.MaxHosts"/> stays as it was.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public void Update(BalancePolicyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>
    /// Writes who has delivered to how many recipients, for <see cref="LoadDeliveries"/> of a later run: a line for each host.
    /// May be called from any thread.
    /// </summary>
    /// <param name="output">Where to.</param>
    public void SaveDeliveries(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _deliveries.Save(output);
    }

    /// <summary>
    /// Takes up what <see cref="SaveDeliveries"/> of an earlier run has written; what is no line of it is passed
    /// over. Before the first offense.
    /// </summary>
    /// <param name="input">Where from.</param>
    public void LoadDeliveries(TextReader input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _deliveries.Load(input);
    }

    /// <summary>
    /// Takes up whom earlier runs have blocked, as an <see cref="IBlockHistory"/> tells: how long a further block lasts, and who
    /// is watched, follows from it. Blocks that somebody else has asked for, or that have turned out to be unfounded, do not
    /// count. Before the first offense.
    /// </summary>
    /// <param name="blocks">The blocks, in any order.</param>
    public void LoadBlocks(IEnumerable<BlockRecord> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        foreach (var (block, _, reason) in blocks.OrderBy(record => record.Block.Since))
        {
            var host = HostKey.Of(block.Network.BaseAddress);
            var key = KeyOf(host);
            // By hand it is of no guesses, or of a network in which others have guessed.
            if (block is not { Offenses: > 0, Node: null, Origin: BlockOrigin.Policy or BlockOrigin.Restored }
                || block.Network.PrefixLength < key.ToNetwork().PrefixLength
                || reason is ReleaseReason.Unfounded or ReleaseReason.Requested)
                continue;
            Touch(key, host).Past.Add(block.Since.UtcTicks, block.Until.UtcTicks + _options.Window.Ticks);
        }
    }

    /// <summary>Whether a host has really delivered mail of late. May be called from any thread.</summary>
    /// <param name="host">The host.</param>
    public bool HasDelivered(IPAddress host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return _deliveries.OfSafely(KeyOf(HostKey.Of(host)), Interlocked.Read(ref _lastTime), _options.CreditHalfLife) >= Delivers;
    }

    /// <inheritdoc/>
    public Verdict Judge(in Offense offense)
    {
        var key = KeyOf(offense.Key);
        var name = (Key: offense.RecipientKey != 0 ? offense.RecipientKey : ++_nameless << 32, Order: offense.RecipientOrder);
        var time = _lastTime = offense.Time.UtcTicks;
        ref var score = ref Touch(key, offense.Key);
        if (offense.IsRestored
            && (offense is not { Kind: OffenseKind.UnknownRecipient, Sender: SenderKind.Unknown } || offense.Transaction == 0))
        {
            // What the earlier run has not blocked for, though it knew more of it.
            var known = offense.Sender == SenderKind.Null ? NameWeight.OfNullSender : NameWeight.Full;
            _names.Weigh(ref score.Names, name.Key, time, known, _options);
            return Verdict.None;
        }

        if (offense.Kind == OffenseKind.EmptyTransactions)
        {
            return _deliveries.Of(key, time, _options.CreditHalfLife) >= DeliversMuch
                ? Verdict.None
                : Block(
                    offense.Peer,
                    key,
                    ref score,
                    time,
                    1,
                    "more transactions without a message within a minute than are allowed, which fill the log");
        }

        if (RecipientName.IsOneOf(name.Key, _options.Honey) && IsNew(key, time))
            return Block(offense.Peer, key, ref score, time, 1, "a name was tried that is only there to be guessed");
        if (offense is { Transaction: 0, Kind: OffenseKind.UnknownRecipient, Sender: SenderKind.Null })
        {
            // A log that tells nothing of transactions: it may be a bounce, and none of what follows can say that it was not.
            var isNewName = !IsOld(ref score, name.Key, time);
            _names.Weigh(ref score.Names, name.Key, time, NameWeight.OfNullSender, _options);
            return Decide(offense.Peer, key, ref score, time, null, bounce: isNewName ? name.Key : 0);
        }

        if (offense.Transaction == 0 || offense.Kind == OffenseKind.Probe)
        {
            var isOld = IsOld(ref score, name.Key, time);
            _names.Weigh(ref score.Names, name.Key, time, NameWeight.Full, _options);
            Note(key, name, time);
            return Decide(offense.Peer, key, ref score, time, isOld ? null : name.Order);
        }

        ref var open = ref OpenOf(offense, key, ref score);
        open.Add(name);
        if (_amnesty.Covers(key, open.Number, time))
            return Verdict.None;
        // One alone may be a bounce: the end of the transaction will tell.
        if (open.Count == 2)
            Note(key, open[0], time);
        if (open.Count >= 2)
            Note(key, name, time);
        // Where the sender is known, but neither by the line of the guess nor by a milter, the transaction is over, and what was accepted
        // in it follows at once.
        if (offense is { Sender: not SenderKind.Unknown, Source: not (PeerSource.SameLine or PeerSource.Milter) })
            return Verdict.None;
        var order = open.Count >= 2 && !IsOld(ref score, name.Key, time) ? name.Order : (ulong?)null;
        // The second name shows what the first one was; those before the last weigh so already.
        var weight = open.Count >= 2 ? NameWeight.Full : LoneWeight(offense, ref score, IsNew(key, time));
        if (open is { Count: >= 2, IsWeighed: false })
            Weigh(ref score, open, weight, time);
        else
            _names.Weigh(ref score.Names, name.Key, time, weight, _options);
        open.IsWeighed = open.Count >= 2;
        return offense.IsRestored ? Verdict.None : Decide(offense.Peer, key, ref score, time, order, offense.Transaction, open.Accepted);
    }

    private void Weigh(ref Score score, in OpenTransaction open, NameWeight weight, long time)
    {
        for (var i = 0; i < open.Count; i++)
            _names.Weigh(ref score.Names, open[i].Key, time, weight, _options);
    }

    /// <summary>The transaction of an offense, which is noted as one of its host's that are not over.</summary>
    private ref OpenTransaction OpenOf(in Offense offense, HostKey host, ref Score score)
    {
        ref var open = ref _open.Touch(offense.Transaction, out var isNew, out var givenUp);
        if (isNew)
        {
            open = new OpenTransaction(host, ++_begun);
            if (score.Open < ushort.MaxValue)
                score.Open++;
            if (givenUp.Count > 0)
                Close(givenUp.Host);
        }

        open.Accepted = Math.Max(open.Accepted, offense.AcceptedBefore);
        return ref open;
    }

    private void Close(in HostKey host)
    {
        ref var score = ref _hosts.Find(host);
        if (!Unsafe.IsNullRef(ref score) && score.Open > 0)
            score.Open--;
    }

    /// <summary>
    /// What the only name of a transaction weighs while it goes on: where the line of the guess has the sender, that tells it.
    /// </summary>
    private NameWeight LoneWeight(in Offense offense, ref Score score, bool isNew) => (offense.Source, offense.Sender) switch
    {
        (PeerSource.SameLine, SenderKind.Null) => NameWeight.OfNullSender,
        (PeerSource.SameLine, SenderKind.Named) => NameWeight.Full,
        _ => !isNew ? NameWeight.LoneOfKnown : IsBouncing(ref score, offense.Time.UtcTicks) ? NameWeight.OfNullSender : NameWeight.Lone,
    };

    /// <summary>
    /// Whether a host has asked within a window as a bouncing server does, and has nearly nothing else open: its next name is likely to be
    /// that of a bounce too, and weighs what it is as soon as it turns out to be none.
    /// </summary>
    private bool IsBouncing(ref Score score, long time) =>
        score.Open <= BouncesAtOnce && _options.NullSenderWeight <= NameWeights.Lone
            && _names.Within(ref score.Names, _options, time) is { Full: 0, Bounces: >= Bouncing };

    /// <inheritdoc/>
    public Verdict End(in TransactionEnd end)
    {
        if (!_open.TryGet(end.Transaction, out var open))
            return Verdict.None;
        _open.Remove(end.Transaction);
        var address = HostKey.Of(end.Peer);
        var key = KeyOf(address);
        var time = end.Time.UtcTicks;
        ref var score = ref Touch(key, address);
        Close(key);
        var isQuestion = end.IsQuestion(open.Count);
        if (end.IsBlocked)
            return Reconsider(end, key, ref score, open, isQuestion, time);
        if (_amnesty.Covers(key, open.Number, time))
            return Verdict.None;
        if (!isQuestion && open.Count == 1)
            Note(key, open[0], time);
        var isOld = IsOld(ref score, open[0].Key, time);
        if (isQuestion)
            Lighten(ref score, open);
        if (!open.IsWeighed)
            Weigh(ref score, open, isQuestion ? NameWeight.OfNullSender : NameWeight.Full, time);

        return isQuestion
            ? Decide(end.Peer, key, ref score, time, null, bounce: isOld || open.Count > 1 ? 0 : open[0].Key)
            : Decide(end.Peer, key, ref score, time, isOld ? null : open[0].Order, taken: end.IsTaken ? end.Recipients : 0);
    }

    /// <inheritdoc/>
    public void Accept(in Acceptance acceptance)
    {
        if (acceptance.Kind == AcceptanceKind.Delivery)
            _deliveries.Add(KeyOf(acceptance.Key), acceptance.RecipientKey, acceptance.Time.UtcTicks, _options.CreditHalfLife);
    }

    /// <summary>
    /// The transaction is over in which a host was blocked. What it has delivered counts as ever. Once a while it is enough that nearly all
    /// of its recipients were right, or that a message was taken for as many: who they were only the deliveries will tell, and a log says
    /// how many were written, not how many there are.
    /// </summary>
    private Verdict Reconsider(in TransactionEnd end, HostKey key, ref Score score, in OpenTransaction open, bool isQuestion, long time)
    {
        var options = _options;
        // Of many bounces at once each but the last was still open when there were too many.
        if (!score.Past.IsAny || !((isQuestion && score.Past.WasForNames) || score.Past.WasFor(end.Transaction)))
            return Verdict.None;
        _names.Unsettle(ref score.Names, options, time);
        if (isQuestion)
            Lighten(ref score, open);
        var tried = _names.Within(ref score.Names, options, time);
        var earned = _deliveries.Of(key, time, options.CreditHalfLife) * options.Credit;
        var since = time - options.Window.Ticks;
        var taken = end.IsTaken && !isQuestion && !score.Past.WasLent(since) ? end.Recipients * options.Credit : 0;
        var ahead = tried.Ahead(earned + taken, options);
        var isFounded = isQuestion || end.IsTaken
            ? ahead > options.MaxOffenses || (score.Past.WasWatched && IsOneTooMany(tried))
            : end.Recipients < NearlyAll * Math.Max(open.Count, ahead) || score.Past.WasForgiven(since);
        if (isFounded)
        {
            _names.Settle(ref score.Names, options, time);
            return Verdict.None;
        }

        score.Past.TakeBack();
        if (isQuestion)
            return Verdict.Release(string.Create(
                CultureInfo.InvariantCulture, $"{open.Count} wrong names, but of as many messages of a null sender, as bounces are"));
        if (end.IsTaken)
            score.Past.Lend(time, since);
        else
            score.Past.Forgive(time, since);
        return Verdict.Release(string.Create(
            CultureInfo.InvariantCulture, $"{open.Count} wrong names, but {end.Recipients} right recipients in the same transaction"));
    }

    /// <summary>
    /// Names turn out to be those of bounces: they weigh no longer what they were taken for while the transaction, or session, went on.
    /// </summary>
    private void Lighten(ref Score score, in OpenTransaction open)
    {
        ReadOnlySpan<NameWeight> taken = open.Count == 1 ? [NameWeight.Lone, NameWeight.LoneOfKnown] : [NameWeight.Full];
        for (var i = 0; i < open.Count; i++)
        {
            foreach (var weight in taken)
                _names.Lighten(ref score.Names, open[i].Key, weight, NameWeight.OfNullSender);
        }
    }

    /// <summary>Who tries a name again that it has long tried before takes part in nothing that goes on now.</summary>
    private bool IsOld(ref Score score, ulong name, long time) =>
        _names.FirstTried(ref score.Names, name) is { } first && time - first > Old;

    /// <inheritdoc/>
    public void Forgive(IPNetwork network, DateTimeOffset time)
    {
        var key = KeyOf(HostKey.Of(network.BaseAddress));
        ref var score = ref _hosts.Find(key);
        if (Unsafe.IsNullRef(ref score))
            return;
        score.Past.Forget();
        _names.Forgive(ref score.Names);
        _amnesty.Grant(key, _begun, time.UtcTicks);
    }

    /// <inheritdoc/>
    public GuessingAlarm? TakeAlarm()
    {
        var alarm = _alarm;
        _alarm = null;
        return alarm;
    }

    /// <inheritdoc/>
    public void TakeOwn(IReadOnlyCollection<IPAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        _own = [.. addresses.Select(HostKey.Of).Where(address => !address.IsIPv4)];
    }

    /// <summary>
    /// What counts as one host: of IPv6 a network, but for that of the mail server itself, which is never blocked as a whole.
    /// </summary>
    private HostKey KeyOf(HostKey address)
    {
        if (address.IsOfIPv4)
            return address;
        var prefix = _options.IPv6Prefix;
        var network = address.Within(prefix);
        foreach (var own in _own)
        {
            if (own.Within(prefix).Equals(network))
                return address;
        }

        return network;
    }

    private ref Score Touch(in HostKey key, HostKey address)
    {
        ref var score = ref _hosts.Touch(key, out var isNew, out var givenUp);
        _names.Forget(givenUp.Names);
        if (isNew)
            score.Address = address.GetHashCode();
        else if (score.Address != address.GetHashCode())
            score.HasSeveral = true;
        return ref score;
    }

    private bool IsNew(HostKey key, long time) => _deliveries.Of(key, time, _options.CreditHalfLife) < Delivers;

    /// <summary>A host has tried a name: what others do is known by that, too, unless it has delivered something.</summary>
    private void Note(HostKey key, (ulong Key, ulong Order) name, long time)
    {
        if (IsNew(key, time))
            _alarm = _others.Note(key, name, time, _options) ?? _alarm;
    }

    private Verdict Decide(
        IPAddress peer,
        HostKey key,
        ref Score score,
        long time,
        ulong? order,
        ulong transaction = 0,
        int accepted = 0,
        int taken = 0,
        ulong bounce = 0)
    {
        var options = _options;
        var tried = _names.Within(ref score.Names, options, time);
        var delivered = _deliveries.Of(key, time, options.CreditHalfLife);
        var ahead = tried.Ahead(delivered * options.Credit, options);
        var since = time - options.Window.Ticks;
        var mayBeLent = taken > 0 && !score.Past.WasLent(since);
        // What a message was taken for will be delivered in a moment.
        if (mayBeLent && ahead > options.MaxOffenses)
        {
            ahead = tried.Ahead((delivered + taken) * options.Credit, options);
            score.Past.Lend(time, since);
        }

        var isKnown = delivered >= Delivers;
        // What goes on may deliver yet, which who has delivered nothing is not given the benefit of, unless recipients of it are known to
        // be right. However many transactions a host has open, it is given once.
        var hasSlack = score.Open > 0 && (isKnown || score.Past.WasForgiven(since));
        var reason = ahead > options.MaxOffenses + (hasSlack ? options.Slack : Math.Min(options.Slack, accepted * options.Credit))
            ? Reason(tried, delivered, ahead)
            : isKnown || mayBeLent ? null
            : score.Past.IsWatched(time) && IsOneTooMany(tried)
            ? $"it has come back after a block, and guesses again within {DurationText.Show(options.Window)}"
            : order is { } at && tried.Count > 0 ? _others.WhyGuesses(key, time, at, tried, options)
            : bounce != 0 ? _others.WhyBounces(key, time, bounce, tried, options) : null;
        return reason is null
            ? Verdict.None
            : Block(
                peer,
                key,
                ref score,
                time,
                Math.Max(1, (int)Math.Round(tried.Count)),
                reason,
                transaction,
                isForNames: ahead > options.MaxOffenses);
    }

    /// <summary>Whether there is a wrong name, or as many as weigh that, of a host from which none is borne any more.</summary>
    private bool IsOneTooMany(in TriedSum tried) => tried.Weight(_options) >= 1;

    private Verdict Block(
        IPAddress peer,
        HostKey key,
        ref Score score,
        long time,
        int names,
        string reason,
        ulong transaction = 0,
        bool isForNames = false)
    {
        var earlier = score.Past.CountAt(time);
        var isWhole = score.HasSeveral && !key.Equals(HostKey.Of(peer)) && IsBlockedAsWhole(key, ref score, earlier, time);
        _names.Settle(ref score.Names, _options, time);
        var blockFor = BlockTime(earlier);
        score.Past.Add(time, time + blockFor.Ticks + _options.Window.Ticks, transaction, isForNames);
        return Verdict.Block(blockFor, names, reason, isWhole ? NetworkText.Masked(peer, _options.IPv6Prefix) : null);
    }

    /// <summary>
    /// Whether a network is to be blocked as a whole. Somebody else may have delivered from there; but that must not buy four names for
    /// each of its addresses.
    /// </summary>
    private bool IsBlockedAsWhole(HostKey key, ref Score score, int earlier, long time)
    {
        var delivered = _deliveries.Of(key, time, _options.CreditHalfLife);
        return delivered < (earlier == 0 ? Delivers : DeliversMuch)
            || (earlier > 1 && _names.Within(ref score.Names, _options, time).Settled > delivered * _options.Credit);
    }

    private TimeSpan BlockTime(int earlier)
    {
        var options = _options;
        var longest = Math.Max(options.BlockTime.Ticks, options.LongestBlockTime.Ticks);
        return TimeSpan.FromTicks(
            (long)Math.Min(longest, options.BlockTime.Ticks * Math.Pow(options.BlockTimeFactor, Math.Min(earlier, 1_000))));
    }

    private string Reason(in TriedSum tried, double delivered, double ahead)
    {
        var earlier = tried.Settled > 0 ? string.Create(CultureInfo.InvariantCulture, $"{tried.Settled:0} of earlier blocks, ") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{tried.Count:0} wrong names within {DurationText.Show(_options.Window)}, {earlier}{delivered:0.#} recipients delivered to: "
                + $"{ahead:0.#} ahead, more than {_options.MaxOffenses}");
    }
}
