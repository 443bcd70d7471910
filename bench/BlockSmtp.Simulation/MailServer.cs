using System.Net;
using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Simulation;

/// <summary>One session of the mail server: the process that serves a client.</summary>
internal sealed class Session(int processId, IPAddress peer, TimeSpan openedAt, DateTimeOffset startedAt)
{
    public int ProcessId => processId;

    public IPAddress Peer => peer;

    public TimeSpan OpenedAt => openedAt;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>The queue id of its transaction; null before it has one.</summary>
    public string? Transaction { get; set; }

    /// <summary>How many guesses it has in its transaction.</summary>
    public int Guesses { get; set; }

    /// <summary>Since when it is to be ended; null while it is not.</summary>
    public TimeSpan? CondemnedAt { get; set; }
}

/// <summary>A wrong guess that is in the log.</summary>
internal sealed record Guess(int Line, IPAddress Peer, string Transaction);

/// <summary>The mail server: its sessions, its log, and the truth about it.</summary>
internal sealed class MailServer(SimulatedTime time, LogFiles log)
{
    private const string Base60 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx";

    private const int MostGuesses = 8;

    private static readonly TimeSpan ReuseAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, TimeSpan> _ended = [];
    private int _nextProcess = 1000;
    private int _nextTransaction;
    private int _nextName;

    public List<Session> Sessions { get; } = [];

    /// <summary>The guesses by the number in their name.</summary>
    public List<Guess> Guesses { get; } = [];

    /// <summary>The lines that end a transaction and name its client.</summary>
    public Dictionary<int, string> Ends { get; } = [];

    /// <summary>
    /// Whether a process may have the number of one that is gone: not when the wall clock, by which they are told apart, was set.
    /// </summary>
    public bool ReusesNumbers { get; set; } = true;

    public Session Open(IPAddress peer)
    {
        var number = ReusesNumbers
            ? _ended.Where(entry => time.Up - entry.Value > ReuseAfter).Select(entry => entry.Key).Order().FirstOrDefault()
            : 0;
        if (!_ended.Remove(number))
            number = _nextProcess++;
        var session = new Session(number, peer, time.Up, time.GetUtcNow());
        Sessions.Add(session);
        return session;
    }

    /// <summary>The client names a recipient that there is not.</summary>
    public void Guess(Session session)
    {
        // Of many that wait for their client the engine keeps no more names, and by the names it is told here which ones it has counted.
        if (++session.Guesses > MostGuesses)
            End(session);
        session.Transaction ??= NewId(session.ProcessId);
        var name = _nextName++;
        Guesses.Add(new Guess(
            Write(session.ProcessId, $"{session.Transaction}: <u{name}@example.org>... User unknown"), session.Peer, session.Transaction));
    }

    /// <summary>The transaction is over: its line names the client.</summary>
    public void End(Session session)
    {
        if (session.Transaction is not { } id)
            return;
        (session.Transaction, session.Guesses) = (null, 0);
        var relay = session.Peer.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"IPv6:{session.Peer}"
            : session.Peer.ToString();
        Ends[Write(
            session.ProcessId, $"{id}: from=<a@b.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay=[{relay}]")] = id;
    }

    /// <summary>The process is no more.</summary>
    public void Close(Session session)
    {
        Sessions.Remove(session);
        _ended[session.ProcessId] = time.Up;
    }

    /// <summary>Somebody writes something else.</summary>
    public void Chat(SeededRandom random) => log.Write(random.Pick(Chatter).Replace("STAMP", Stamp(), StringComparison.Ordinal));

    private static readonly string[] Chatter =
    [
        "STAMP mail1 dovecot: imap-login: Login: user=<anna>",
        "STAMP mail1 sm-mta[999]: starting daemon (8.17.1): SMTP+queueing@00:10:00",
        "Nov 27 00:53:03 mail.info",
        "STAMP mail1",
        "STAMP",
        "",
        "\0\0\0\0",
        "<22>1 STAMP",
        "<22>",
        "STAMP mail1 sm-mta[",
        "STAMP mail1 sm-mta[1000]:",
        "STAMP mail1 sm-mta[1000]: ... User unknown",
        "STAMP mail1 sm-mta[1000]: 6ANHntrU001000: from=<, relay=[198.51.100.77]",
        "STAMP mail1 postfix/smtpd[1000]: NOQUEUE: reject: RCPT from",
        "Nov 23 18:00:03 2026 mail1 exim[",
        "STAMP mail1 sm-mta[99999999999999999999]: x",
        "STAMP mail1 user: <a@b>... User unknown, relay=[198.51.100.77]",
    ];

    private int Write(int processId, string text) => log.Write($"{Stamp()} mail1 sm-mta[{processId}]: {text}");

    private string Stamp() =>
        time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffff+00:00", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>As sendmail makes it: the time in base 60, a number, the process.</summary>
    private string NewId(int processId)
    {
        var now = time.GetUtcNow();
        var number = _nextTransaction++;
        int[] parts = [(now.Year - 1900) % 60, now.Month - 1, now.Day, now.Hour, now.Minute, now.Second, number / 60 % 60, number % 60];
        return string.Concat(parts.Select(part => Base60[part]))
            + processId.ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>Finds the client of a process, or fails to.</summary>
internal sealed class SimulatedLookup(MailServer server, SeededRandom random, Trace trace) : IPeerLookup
{
    public double TroubleShare { get; set; }

    public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore)
    {
        if (random.Chance(TroubleShare))
        {
            var kind = random.Below(4);
            trace.Add($"look-up of {processId}: trouble {kind}");
            return kind switch
            {
                0 => throw new IOException("look-up failed"),
                1 => PeerLookupResult.NotFound(PeerLookupOutcome.NoConnection),
                2 => PeerLookupResult.NotFound(PeerLookupOutcome.NotPermitted),
                _ => PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess),
            };
        }

        var session = server.Sessions.Find(one => one.ProcessId == processId);
        trace.Add($"look-up of {processId}: {session?.Peer}");
        if (session is null)
            return PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess);
        // Its queue id knows no fractions of a second.
        return startedBefore is { } before && session.StartedAt >= before.AddSeconds(1)
            ? PeerLookupResult.NotFound(PeerLookupOutcome.NotTheMailer)
            : PeerLookupResult.Found(session.Peer);
    }
}

/// <summary>Ends sessions, or fails to.</summary>
internal sealed class SimulatedReaper(Process process, Part part, MailServer server, Action<IReadOnlyCollection<IPNetwork>> onEnding)
    : IProcessReaper
{
    public ValueTask<IReadOnlyList<EndedSession>> EndSessionsAsync(
        IReadOnlyCollection<IPNetwork> peers, CancellationToken cancellationToken)
    {
        onEnding(peers);
        return part.ActAsync(
            process, $"end sessions of {peers.Count}", half => End(peers, half), message => new IOException(message), cancellationToken);
    }

    public ValueTask<IReadOnlyList<EndedSession>> EndStuckSessionsAsync(TimeSpan idleFor, CancellationToken cancellationToken) =>
        part.ActAsync<IReadOnlyList<EndedSession>>(
            process, "look for stuck sessions", _ => [], message => new IOException(message), cancellationToken);

    private IReadOnlyList<EndedSession> End(IReadOnlyCollection<IPNetwork> peers, bool half)
    {
        var found = server.Sessions.Where(session => peers.Any(peer => peer.Contains(session.Peer))).ToList();
        if (half)
            found = found[..(found.Count / 2)];
        found.ForEach(server.Close);
        return [.. found.Select(session => new EndedSession(session.ProcessId, session.Peer, SessionEnd.Shutdown))];
    }
}
