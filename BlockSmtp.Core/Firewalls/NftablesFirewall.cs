using System.Net;
using BlockSmtp.Addresses;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Blocks with nftables, through libnftables in this process, in a table of its own:
/// <code>
/// table inet blocksmtp {
///   set hosts4 { type ipv4_addr; flags timeout; elements = { 192.0.2.1 timeout 3h } }
///   chain input {
///     type filter hook input priority filter - 10; policy accept;
///     tcp dport 25 ip saddr @hosts4 counter drop
///   }
/// }
/// </code>
/// One set and one rule for the hosts of each family, and for the networks of each prefix length. A packet costs the same
/// however many are blocked. Every call is one transaction, but for a start with more than 10,000 blocks and more than 1,000 changes at
/// once. Each element has its time, so that the kernel releases everybody also if the daemon dies, after 1000 days at the latest.
/// </summary>
/// <remarks>
/// The kernel is asked on the calling thread, for some tenths of a millisecond: the tasks have ended when they are
/// returned. It is the network namespace of the thread that makes the first call which is filtered.
/// </remarks>
public sealed partial class NftablesFirewall : IFirewall, IDisposable
{
    // What the library is told as text takes a kilobyte or two each.
    private const int MostInScript = 10_000;

    // What was taken away at once.
    private static readonly NftablesTable Gone = new([], []);

    private readonly NftablesFirewallOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _library;
    private readonly NftablesBatch _batch;
    private readonly HashSet<NftablesSet> _sets = [];
    private NftablesHandle? _handle;
    private NftablesTable? _table;

    /// <summary>Makes the firewall; nothing is opened yet.</summary>
    /// <param name="options">Null for the defaults. Later changes have no effect.</param>
    /// <param name="timeProvider">The clock that the ends of the blocks are of; null for the machine's.</param>
    /// <param name="logger">Where it says what it does; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NftablesFirewall(
        NftablesFirewallOptions? options = null, TimeProvider? timeProvider = null, ILogger<NftablesFirewall>? logger = null)
        : this(options ?? new(), timeProvider, logger, LibNftables.Name)
    {
    }

    internal NftablesFirewall(NftablesFirewallOptions options, TimeProvider? timeProvider, ILogger? logger, string library)
    {
        _options = new()
        {
            TableName = options.TableName,
            Forward = options.Forward,
            Ports = options.Ports is { } ports ? [.. ports] : null!,
        };
        _options.Validate();
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _library = library;
        _batch = new NftablesBatch(_options.TableName);
    }

    /// <summary>Opened by the first who needs it.</summary>
    private NftablesHandle Handle => _handle ??= NftablesHandle.Open(_library);

    /// <inheritdoc/>
    public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Who was blocked last is guessing still, perhaps, and most of the oldest have gone away.
        var ends = CanonicalNetwork.Ends(blocks.Count > MostInScript ? [.. blocks.OrderByDescending(block => block.Since)] : blocks);
        HashSet<NftablesSet> sets = [.. NftablesSet.Usual, .. ends.Keys.Select(NftablesSet.Of)];
        var script = Script().RemoveTable().AddTable();
        foreach (var set in sets)
            script.AddSet(set);
        // All in one transaction, so that no packet of the blocked slips through, but for so many that the library would need much memory
        // for them: the others, the older ones, follow at once.
        Run(script.Write(NftablesChange.Adding(ends.Take(MostInScript), _time.GetUtcNow())));
        foreach (var part in ends.Skip(MostInScript).Chunk(NftablesBatch.Most))
            Commit(NftablesChange.Adding(part, _time.GetUtcNow()));

        _sets.Clear();
        _sets.UnionWith(sets);
        _table = ReadTable() ?? Gone;
        LogStarted(_options.TableName, ends.Count);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException"><see cref="StartAsync"/> was not called.</exception>
    public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        if (_table is null)
            throw new InvalidOperationException("The firewall has not been started: call StartAsync first");
        cancellationToken.ThrowIfCancellationRequested();
        var last = CanonicalNetwork.Last(changes);
        var added = last.Keys.Select(NftablesSet.Of).Where(set => !_sets.Contains(set)).ToHashSet();
        if (added.Count > 0)
            AddSets(added, last);
        else
        {
            foreach (var part in last.Chunk(NftablesBatch.Most / NftablesChange.MostOfOne))
                Commit(NftablesChange.Changing(part, _time.GetUtcNow()));
        }

        LogApplied(_options.TableName, changes.Count);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Reads back from the kernel what is blocked now. A table that is not as it was made blocks nobody
    /// for sure, and counts as empty: <see cref="StartAsync"/> mends it.
    /// </summary>
    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var table = ReadTable();
        List<HostKey> networks = [];
        if (_table is not null && table?.IsAs(_table) != true)
            LogChanged(_options.TableName);
        else if (table is not null)
        {
            foreach (var set in table.Sets)
                Handle.Read(_options.TableName, set, networks);
        }
        return ValueTask.FromResult<IReadOnlyCollection<IPNetwork>>(new NetworkList(networks));
    }

    /// <inheritdoc/>
    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Run(Script().RemoveTable());
        _table = null;
        LogStopped(_options.TableName);
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the library's handle. The rules stay as they are: see <see cref="StopAsync"/>.</summary>
    public void Dispose() => _handle?.Dispose();

    /// <summary>Makes changes for which there are no sets yet.</summary>
    private void AddSets(HashSet<NftablesSet> added, Dictionary<IPNetwork, DateTimeOffset?> changes)
    {
        var script = Script();
        foreach (var set in added)
            script.AddSet(set);
        Run(script.Write(NftablesChange.Changing(changes, _time.GetUtcNow())));
        _sets.UnionWith(added);
        _table = ReadTable() ?? Gone;
    }

    private void Commit(IEnumerable<NftablesChange> changes)
    {
        _batch.Begin();
        _batch.Write(changes);
        if (Handle.Commit(_batch) is not 0 and var error)
            throw NftablesResult.ToException(error, _options.TableName);
    }

    private NftablesScript Script() => new(_options);

    private void Run(NftablesScript script)
    {
        var result = Handle.Run(script.ToString());
        if (!result.Done)
            throw result.ToException(_options.TableName);
    }

    private NftablesTable? ReadTable() => Handle.Read(_options.TableName);

    [LoggerMessage(1320, LogLevel.Information, "the table inet {Table} is in force with {Networks} networks blocked")]
    private partial void LogStarted(string table, int networks);

    [LoggerMessage(1321, LogLevel.Debug, "the table inet {Table} has {Changes} changes")]
    private partial void LogApplied(string table, int changes);

    [LoggerMessage(1322, LogLevel.Information, "the table inet {Table} is gone")]
    private partial void LogStopped(string table);

    [LoggerMessage(1323, LogLevel.Warning, "the table inet {Table} is gone or not as it was made: somebody has changed the rules")]
    private partial void LogChanged(string table);
}
