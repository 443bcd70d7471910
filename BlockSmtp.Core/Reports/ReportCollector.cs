using System.Net;
using System.Net.Sockets;
using BlockSmtp.Addresses;
using BlockSmtp.Policies;

namespace BlockSmtp.Reports;

/// <summary>
/// Gathers what a <see cref="Report"/> shows while a <see cref="LogReplay"/> runs: give it to <see cref="DetectionOptions.Observer"/>, with
/// <see cref="DetectionOptions.KeepRecipients"/> for the names and <see cref="ReplayOptions.CountDeliveries"/> for the real senders.
/// </summary>
/// <remarks>
/// Other settings are tried in the same pass. Their clock is the time of the offenses, as with a daemon that looks hosts up at once.
/// Remembers each host, but names of a bounded number only.
/// </remarks>
public sealed class ReportCollector : IEngineObserver
{
    /// <summary>The largest limit that is tried.</summary>
    public const int MaxThreshold = ThresholdSweep.Most;

    private const int MostPeriods = 120;
    private const int MostHosts = 50;
    private const int MostNetworks = 15;

    private static readonly int[] GroupStarts = [1, 2, 4, 10, 30, 100, 300];

    private readonly CountPolicyOptions _policy;
    private readonly DetectionOptions _options;
    private readonly Dictionary<HostKey, HostTally> _hosts = [];
    private readonly NameSamples _names = new();
    private readonly PeriodCounter _periods = new();
    private readonly ThresholdSweep _sweep;
    private readonly PolicyTrial[] _trials;
    private readonly bool _isBalance;
    private long _now;

    /// <summary>Makes a collector.</summary>
    /// <param name="policy">The settings of the replay's own policy.</param>
    /// <param name="options">The replay's options: the white-list and the mail server's own addresses are taken from them.</param>
    /// <param name="isBalance">Whether that is a <see cref="BalancePolicy"/> with these limits, and not a
    /// <see cref="CountPolicy"/>.</param>
    public ReportCollector(CountPolicyOptions policy, DetectionOptions options, bool isBalance = false)
    {
        _isBalance = isBalance;
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        _policy = policy;
        _options = options;
        _sweep = new ThresholdSweep(policy.Window, policy.BlockTime);
        IEnumerable<CountPolicyOptions> same = isBalance ? [policy] : [];
        _trials = [.. same.Concat(OtherSettings.Beside(policy)).Select(other => new PolicyTrial(other))];
    }

    /// <inheritdoc/>
    public void OnOffense(in Offense offense)
    {
        var key = offense.Key;
        var host = Find(key, offense.Peer);
        _now = Math.Max(_now, offense.Time.UtcTicks);
        if (host.IsBlocked)
            host.KeptOut++;
        else
            host.Answered++;
        _periods.Add(offense.Time, answered: host.IsBlocked ? 0 : 1, keptOut: host.IsBlocked ? 1 : 0);
        if (offense.Recipient is { } name)
            _names.Add(host, name);
        if (host.IsTrusted)
            return;
        host.Sweep.Offend(_sweep, offense.Time.UtcTicks, _now);
        for (var i = 0; i < _trials.Length; i++)
        {
            if (_trials[i].Offend(key, offense))
                host.BlockedBy |= 1UL << i;
        }
    }

    /// <inheritdoc/>
    public void OnBlocked(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Find(HostKey.Of(block.Network.BaseAddress), block.Network.BaseAddress).IsBlocked = true;
        _periods.Add(block.Since, blocks: 1);
    }

    /// <inheritdoc/>
    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        ArgumentNullException.ThrowIfNull(block);
        Find(HostKey.Of(block.Network.BaseAddress), block.Network.BaseAddress).IsBlocked = false;
    }

    /// <summary>Makes the report, when the replay is over.</summary>
    /// <param name="summary">What came of the replay.</param>
    /// <param name="besides">What the same log came to under other rules, to be shown beside it.</param>
    /// <returns>The report.</returns>
    public Report Complete(ReplaySummary summary, params IEnumerable<ReportOutcome> besides)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(besides);
        var all = summary.Hosts.Select(host => (Host: host, Tally: Find(HostKey.Of(host.Address), host.Address))).ToArray();
        var judged = all.Where(host => !host.Tally.IsTrusted).ToArray();
        var answered = judged.Sum(host => host.Tally.Answered);
        var keptOut = judged.Sum(host => host.Tally.KeptOut);
        var (periods, length) = _periods.Take(MostPeriods);
        return new Report
        {
            Summary = summary,
            Answered = answered,
            KeptOut = keptOut,
            Periods = periods,
            PeriodLength = length,
            Hosts =
            [
                .. all.OrderByDescending(host => host.Tally.Offenses).ThenBy(host => host.Host.First).Take(MostHosts)
                    .Select(host => new ReportHost(host.Host, host.Tally.Answered, host.Tally.KeptOut, _names.Of(host.Tally))),
            ],
            Groups = [.. Groups(all)],
            Networks = Networks(all, 24, 64),
            WideNetworks = Networks(all, 16, 48),
            Thresholds =
            [
                .. Enumerable.Range(1, MaxThreshold).Select(limit =>
                    Outcome(
                        OtherSettings.WithLimit(_policy, limit),
                        host => (host.Sweep.BlockedBy >> (limit - 1) & 1) != 0,
                        _sweep.Answered[limit - 1])),
            ],
            Settings =
            [
                new ReportOutcome(
                    _policy,
                    summary.Blocked,
                    summary.Hosts.Count(host => host is { Blocks: > 0, Deliveries: > 0 }),
                    answered,
                    keptOut)
                {
                    IsBalance = _isBalance,
                },
                .. besides,
                .. _trials.Select((trial, i) => Outcome(trial.Policy, host => (host.BlockedBy >> i & 1) != 0, trial.Answered)),
            ],
        };

        ReportOutcome Outcome(CountPolicyOptions policy, Func<HostTally, bool> isBlocked, long allowed)
        {
            var blocked = judged.Where(host => isBlocked(host.Tally)).ToArray();
            return new ReportOutcome(
                policy, blocked.Length, blocked.Count(host => host.Host.Deliveries > 0), allowed, answered + keptOut - allowed);
        }
    }

    private static IEnumerable<ReportGroup> Groups((ReplayHost Host, HostTally Tally)[] hosts)
    {
        for (var i = 0; i < GroupStarts.Length; i++)
        {
            var (least, most) = (GroupStarts[i], i + 1 < GroupStarts.Length ? GroupStarts[i + 1] - 1 : (int?)null);
            var members = hosts.Where(host => host.Tally.Offenses >= least && host.Tally.Offenses <= (most ?? long.MaxValue)).ToArray();
            if (members.Length > 0)
                yield return new(
                    least,
                    most,
                    members.Length,
                    members.Count(host => host.Host.Blocks > 0),
                    members.Sum(host => host.Tally.Answered),
                    members.Sum(host => host.Tally.KeptOut));
        }
    }

    private static IReadOnlyList<ReportNetwork> Networks((ReplayHost Host, HostTally Tally)[] hosts, int lengthV4, int lengthV6) =>
    [
        .. hosts.GroupBy(host => NetworkText.Masked(
            host.Host.Address, host.Host.Address.AddressFamily == AddressFamily.InterNetwork ? lengthV4 : lengthV6))
            .Select(group => new ReportNetwork(
                group.Key, group.Count(), group.Count(host => host.Host.Blocks > 0), group.Sum(host => host.Tally.Offenses)))
            .OrderByDescending(network => network.Offenses).ThenByDescending(network => network.Hosts).Take(MostNetworks),
    ];

    private HostTally Find(HostKey key, IPAddress address)
    {
        if (_hosts.TryGetValue(key, out var host))
            return host;
        var trusted = _options.WhiteList.TryFind(address, out _)
            || IPAddress.IsLoopback(address)
            || _options.OwnAddresses.Contains(address);
        return _hosts[key] = new HostTally(trusted);
    }
}
