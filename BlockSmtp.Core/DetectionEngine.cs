using System.Net;
using BlockSmtp.Diagnostics;
using BlockSmtp.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp;

/// <summary>
/// Follows a log, finds the hosts that guess user names and has them blocked while they are still guessing. Wires an
/// <see cref="ILogSource"/>, an <see cref="IOffenderPolicy"/>, an <see cref="IFirewall"/> and an <see cref="IProcessReaper"/>.
/// </summary>
/// <remarks>
/// Everything that decides runs in turn, one after the other, on the thread that has read the line: nothing lies in a
/// queue between a line and its verdict. Members may be called from any thread.
/// </remarks>
public sealed class DetectionEngine : IBlocking
{
    private readonly Decisions _decisions;
    private readonly EngineRun _run;
    private readonly ILogger _logger;
    private int _running;

    /// <summary>Makes an engine. Nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="source">The log.</param>
    /// <param name="policy">Decides which offenses are too many.</param>
    /// <param name="firewall">Drops the packets of the blocked.</param>
    /// <param name="reaper">Ends sessions; null leaves them alone.</param>
    /// <param name="options">Everything else; null for the defaults.</param>
    /// <param name="timeProvider">The clock; null for the machine's.</param>
    /// <param name="logger">Our own log; null for none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DetectionEngine(
        ILogSource source,
        IOffenderPolicy policy,
        IFirewall firewall,
        IProcessReaper? reaper = null,
        DetectionEngineOptions? options = null,
        TimeProvider? timeProvider = null,
        ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(firewall);
        options ??= new DetectionEngineOptions();
        options.Validate();
        // The same name counts once on whatever host: the others have to know it.
        options.KeepRecipients |= options.Fleet is not null;
        timeProvider ??= TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        var metrics = new EngineMetrics(timeProvider);
        _decisions = new Decisions(policy, options, metrics, timeProvider, _logger);
        _run = new EngineRun(_decisions, source, new MeteredFirewall(firewall, metrics), reaper, options, metrics, timeProvider, _logger);
    }

    /// <summary>What has been counted so far.</summary>
    public EngineCounters Counters => _decisions.Counters;

    /// <summary>How the engine is doing.</summary>
    public EngineStatus Status => _decisions.FillStatus(_run.Status);

    /// <summary>
    /// Whether each VRFY and EXPN is an offense too (<see cref="DetectionOptions.CountProbes"/>); may be changed while the engine runs.
    /// </summary>
    public bool CountProbes
    {
        get => _decisions.CountProbes;
        set => _decisions.CountProbes = value;
    }

    /// <summary>
    /// How long offenses are kept (<see cref="DetectionEngineOptions.KeepOffenses"/>); more than zero. May be
    /// changed while the engine runs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not more than zero.</exception>
    public TimeSpan KeepOffenses
    {
        get => _decisions.KeepOffenses;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _decisions.KeepOffenses = value;
        }
    }

    /// <summary>What is blocked now, in any order.</summary>
    public IReadOnlyList<Block> Blocks => _decisions.Blocks;

    /// <summary>
    /// Sets up the firewall with the blocks that were in force when an earlier run has ended
    /// (<see cref="DetectionEngineOptions.Store"/>), follows the log until it ends or <paramref name="cancellationToken"/> is
    /// cancelled, then takes the rules away again (<see cref="DetectionEngineOptions.KeepRules"/>). A failure that ends it
    /// leaves them in force.
    /// </summary>
    /// <param name="cancellationToken">Stops the engine in an orderly way: the task ends without an exception, within two seconds.</param>
    /// <returns>A task that ends when everything is put away.</returns>
    /// <exception cref="FirewallException">The firewall could not be set up; whatever else it has thrown is
    /// the inner exception.</exception>
    /// <exception cref="BlockStoreException">Another engine uses the store. Any other failure of it is told in the
    /// log and lived with.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The log may not be read.</exception>
    /// <exception cref="InvalidOperationException">The engine runs already, or has run.</exception>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _running, 1) != 0)
            throw new InvalidOperationException("An engine runs once.");
        return _run.RunAsync(cancellationToken);
    }

    /// <summary>
    /// Whether a host is blocked at this moment, by itself or in a network: whether the policy has decided so, not whether the firewall is
    /// in force. Costs little however many blocks there are, and allocates nothing, for whoever is to answer a client.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <returns>True while it is blocked.</returns>
    public bool IsBlocked(IPAddress host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return _decisions.IsBlocked(Plain(host));
    }

    /// <summary>Says what is known of a host: whether it is blocked or trusted, and what it has done.</summary>
    /// <param name="host">The host.</param>
    /// <returns>The explanation; also of a host that was never heard of.</returns>
    public HostExplanation Explain(IPAddress host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return _decisions.Explain(Plain(host));
    }

    /// <summary>Says what is known of a network: whether it is blocked as a whole or trusted, and who in it is blocked.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The explanation; also of a network that was never heard of.</returns>
    public NetworkExplanation Explain(IPNetwork network) => _decisions.Explain(network);

    /// <summary>
    /// Shows that the engine is alive: ends when its decisions, its observer and its firewall work have each come to a turn
    /// since the call. Before <see cref="RunAsync"/> has set up the firewall it waits; while the firewall fails and is tried
    /// again the engine counts as alive.
    /// </summary>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <returns>A task that does not end while the engine hangs.</returns>
    public async Task HeartbeatAsync(CancellationToken cancellationToken = default)
    {
        // Not on the caller's thread, which a decision that hangs would keep.
        await Task.Run(_decisions.TakeTurnAsync, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        await _decisions.Changes.NextTurnAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes another white-list. Whom it trusts is released at once.</summary>
    /// <param name="whiteList">The trusted networks.</param>
    public void UpdateWhiteList(WhiteList whiteList)
    {
        ArgumentNullException.ThrowIfNull(whiteList);
        _decisions.Trust(whiteList);
        _run.OnDecided();
        _logger.WhiteListReplaced(whiteList.Count);
    }

    /// <summary>
    /// Takes other addresses of the mail server (<see cref="DetectionOptions.OwnAddresses"/>); <see cref="LocalAddresses.Follow"/> tells
    /// when they change. If one of them is blocked it is released at once.
    /// </summary>
    /// <param name="addresses">All of them.</param>
    public void UpdateOwnAddresses(IReadOnlyList<IPAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (!_decisions.TryTakeOwn(addresses))
            return;
        _run.OnDecided();
        _logger.OwnAddressesReplaced(addresses.Count);
    }

    /// <summary>
    /// Takes a wrong guess that no line of the log has told: a milter's, another machine's, a program's of your own. It is
    /// taken in turn, like a line, and has been judged when this returns; within a call of the policy, right after that.
    /// Counted, kept and explained like any other.
    /// </summary>
    /// <param name="offense">The offense. A time later than now is now.</param>
    public void Report(in Offense offense)
    {
        ArgumentNullException.ThrowIfNull(offense.Peer);
        _decisions.Report(offense with { Peer = Plain(offense.Peer) });
        _run.OnDecided();
    }

    /// <summary>Takes mail that was accepted from a host and that no line of the log has told. In turn, as an offense is.</summary>
    /// <param name="acceptance">The acceptance. A time later than now is now.</param>
    public void Report(in Acceptance acceptance)
    {
        ArgumentNullException.ThrowIfNull(acceptance.Peer);
        ArgumentOutOfRangeException.ThrowIfLessThan(acceptance.Recipients, 1);
        _decisions.Report(acceptance with { Peer = Plain(acceptance.Peer) });
        _run.OnDecided();
    }

    /// <summary>Says that a transaction is over whose offenses were reported. In turn, as an offense is.</summary>
    /// <param name="end">What is known now. A time later than now is now.</param>
    public void Report(in TransactionEnd end)
    {
        ArgumentNullException.ThrowIfNull(end.Peer);
        _decisions.Report(end with { Peer = Plain(end.Peer) });
        _run.OnDecided();
    }

    /// <summary>
    /// Blocks a host or network, whatever the policy says of it. One that is blocked already is blocked for the new time, longer or not.
    /// The firewall is
    /// told at once; the task ends when the block outlasts the end of this process, or the store has failed, which is told
    /// in the log. While the engine does not run it ends at once, and nothing is kept before <see cref="RunAsync"/>. An
    /// observer may ask for it and wait.
    /// </summary>
    /// <param name="network">Who; a single host is a network of full prefix length.</param>
    /// <param name="time">For how long; more than zero.</param>
    /// <param name="reason">Why, in words for a person.</param>
    /// <param name="cancellationToken">Waits no longer; the block stands.</param>
    /// <returns>The block; or why there is none: the white-list trusts a part of the network, or the mail server is in it.</returns>
    /// <exception cref="ArgumentException">The time is not positive, or there is no reason.</exception>
    /// <exception cref="InvalidOperationException">It is asked for within a call of the policy or the peer look-up, which the engine waits
    /// for.</exception>
    public Task<BlockOutcome> BlockAsync(IPNetwork network, TimeSpan time, string reason, CancellationToken cancellationToken = default) =>
        BlockAsync(network, time, reason, keepsLonger: false, cancellationToken);

    /// <summary>
    /// Blocks as <see cref="BlockAsync(IPNetwork, TimeSpan, string, CancellationToken)"/> does, but leaves a block of the network alone
    /// that lasts longer
    /// (<see cref="BlockOutcome.IsKept"/>).
    /// </summary>
    /// <param name="network">Who; a single host is a network of full prefix length.</param>
    /// <param name="time">For how long at least; more than zero.</param>
    /// <param name="reason">Why, in words for a person.</param>
    /// <param name="cancellationToken">Waits no longer; the block stands.</param>
    /// <returns>The block; or why there is none.</returns>
    /// <exception cref="ArgumentException">The time is not positive, or there is no reason.</exception>
    /// <exception cref="InvalidOperationException">It is asked for within a call of the policy or the peer look-up, which the engine waits
    /// for.</exception>
    public Task<BlockOutcome> BlockAtLeastAsync(
        IPNetwork network, TimeSpan time, string reason, CancellationToken cancellationToken = default) =>
        BlockAsync(network, time, reason, keepsLonger: true, cancellationToken);

    /// <summary>
    /// Releases a host or network before its time. The firewall is told at once; the task ends when the release outlasts the end of this
    /// process, or the store has failed, which is told in the log. While the engine does not run it ends at once.
    /// </summary>
    /// <param name="network">What <see cref="Block.Network"/> says.</param>
    /// <param name="cancellationToken">Waits no longer; the release stands.</param>
    /// <returns>False when exactly this network is not blocked.</returns>
    /// <exception cref="InvalidOperationException">It is asked for within a call of the policy or the peer look-up, which the engine waits
    /// for.</exception>
    public async Task<bool> ReleaseAsync(IPNetwork network, CancellationToken cancellationToken = default)
    {
        var released = _decisions.TryRelease(network);
        await _run.UntilKeptAsync(cancellationToken).ConfigureAwait(false);
        return released;
    }

    private async Task<BlockOutcome> BlockAsync(
        IPNetwork network, TimeSpan time, string reason, bool keepsLonger, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        var outcome = _decisions.Block(network, time, reason, keepsLonger);
        await _run.UntilKeptAsync(cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    private static IPAddress Plain(IPAddress host) => host.IsIPv4MappedToIPv6 ? host.MapToIPv4() : host;
}
