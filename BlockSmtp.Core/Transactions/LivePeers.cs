using System.Net;
using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>
/// Asks the live process for its client, and only where the answer can be trusted: the line is of this machine's mail
/// server, and the process is the one that wrote it.
/// </summary>
internal sealed class LivePeers(IPeerLookup lookup, SyslogLineParser lines, ArrivalClock clock, TimeProvider time)
{
    private readonly long[] _outcomes = new long[Enum.GetValues<PeerLookupOutcome>().Length];

    public long Lookups { get; private set; }

    public long Found { get; private set; }

    /// <summary>How often each outcome came, by its number.</summary>
    public IReadOnlyList<long> Outcomes => [.. _outcomes];

    /// <summary>Asks for the client of a transaction that has none yet.</summary>
    /// <param name="key">The transaction.</param>
    /// <param name="transaction">What is known of it.</param>
    /// <param name="isLate">Whether its process may be gone, although the line was written just now.</param>
    public void Resolve(in TransactionKey key, ref Transaction transaction, bool isLate)
    {
        if (transaction.LookedUp || transaction.Peer is not null)
            return;
        transaction.LookedUp = true;
        if (!IsThisMachine(key.Host))
            return;

        // A line that has lain for a while may be of a process that is gone and whose number another has by now. The
        // queue id tells when its process was surely there; one that began later is another.
        DateTimeOffset? startedBefore = null;
        if (isLate || !clock.IsFresh)
        {
            if (!key.Id.TryGetTime(time.GetUtcNow(), out var made))
                return;
            startedBefore = made;
        }

        var result = Find(key.ProcessId, startedBefore);
        (transaction.Peer, transaction.Source) = (result.Peer, PeerSource.Connection);
        transaction.LookedUp = result.Outcome != PeerLookupOutcome.NoConnection;
    }

    /// <summary>The client of a process that has written a line just now, and serves no other one; null where nobody can tell.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="host">The host of the line; none for a log that is this machine's own.</param>
    public IPAddress? ClientOf(int processId, int host) =>
        clock.IsFresh && (host == SyslogLineParser.NoHost || IsThisMachine(host)) ? Find(processId, null).Peer : null;

    private PeerLookupResult Find(int processId, DateTimeOffset? startedBefore)
    {
        Lookups++;
        var result = lookup.FindPeer(processId, startedBefore);
        if ((uint)result.Outcome < (uint)_outcomes.Length)
            _outcomes[(int)result.Outcome]++;
        if (result.Outcome == PeerLookupOutcome.Found)
            Found++;
        return result;
    }

    /// <summary>
    /// While all lines are of one host, that is this one, whatever the log calls it. In the log of several hosts only the
    /// one with this machine's name is.
    /// </summary>
    private bool IsThisMachine(int host) =>
        lines.HostCount == 1
        || ShortName(lines.HostName(host)).Equals(ShortName(Environment.MachineName), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> ShortName(string name) =>
        name.IndexOf('.') is > 0 and var dot ? name.AsSpan(0, dot) : name;
}
