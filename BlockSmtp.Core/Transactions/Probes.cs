using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>From events to facts of VRFY and EXPN: each name that is asked for is an offense, whatever the answer was.</summary>
/// <param name="clock">Tells when a line was written.</param>
/// <param name="addresses">Reads addresses.</param>
/// <param name="judgement">Judges the facts.</param>
/// <param name="names">Reads names.</param>
/// <param name="live">Asks the live process for a client whom the line does not name; null where nobody can.</param>
/// <param name="transactions">What is known of transactions.</param>
internal sealed class Probes(
    ILineClock clock, AddressCache addresses, Judgement judgement, WaitingNames names, LivePeers? live, TransactionTable transactions)
{
    // A block is made of far fewer.
    private const int MostInOne = 64;
    private const int MostClaims = 4096;

    // A process that is gone has logged the end of its transaction before; another may go on for an hour (Timeout.command).
    private static readonly TimeSpan IfGone = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IfNotAsked = TimeSpan.FromHours(1);

    private readonly PriorityQueue<Claim, DateTimeOffset> _claims = new();

    /// <summary>Whether they count.</summary>
    public bool AreCounted { get; set; }

    /// <summary>How many names were asked for.</summary>
    public long Offenses { get; private set; }

    /// <summary>How many lines looked like one but named no client, or no time.</summary>
    public long Ambiguous { get; private set; }

    /// <summary>How many offenses were given up for want of room.</summary>
    public long Unresolved { get; private set; }

    /// <summary>A client has asked for names.</summary>
    public void On(in SyslogLine line, in MailEvent read, bool keepsText)
    {
        var hasName = addresses.TryParse(read.Text, out var peer);
        if (!clock.TryGetTime(line.Stamp, out var time) || !(hasName || read.IsClaim))
        {
            Ambiguous++;
            return;
        }

        judgement.Advance(time);
        var asked = NamesIn(read.Recipient, keepsText);
        if (read.IsClaim)
            OnClaim(line, read, hasName ? peer : null, asked, time);
        else
            Consider(asked, peer, PeerSource.SameLine, line.Program, time);
    }

    /// <summary>VRFY takes a list, too: each name in it is asked for. Of one that is not shown nothing is known but that it was.</summary>
    private List<TriedName> NamesIn(ReadOnlySpan<byte> text, bool keepsText)
    {
        List<TriedName> asked = [];
        foreach (var part in text.Split((byte)','))
        {
            var name = text[part].Trim((byte)' ');
            if (!name.IsEmpty && asked.Count < MostInOne)
                asked.Add(names.Read(name, keepsText));
        }

        if (asked.Count == 0)
            asked.Add(names.Read(default, keepsText));
        return asked;
    }

    private void OnClaim(in SyslogLine line, in MailEvent read, IPAddress? named, List<TriedName> asked, DateTimeOffset time)
    {
        var key = new TransactionKey(read.Id, line.ProcessId, line.Host);
        ref var transaction = ref transactions.Touch(key, time.UtcTicks, out var lost);
        Unresolved += lost;
        transaction.LastOffense = time.UtcTicks;
        live?.Resolve(key, ref transaction, line.IsRepeated);
        if (transaction.Peer is { } peer)
        {
            Consider(asked, peer, transaction.Source, line.Program, time);
            return;
        }

        var claim = new Claim(named, asked, line.Program, time, time + (transaction.IsGone ? IfGone : IfNotAsked), transaction.Claims);
        transaction.Claims = claim;
        if (_claims.Count == MostClaims)
            Believe(_claims.Dequeue());
        _claims.Enqueue(claim, claim.Due);
    }

    /// <summary>The client of a transaction is known: all that waited for it was the client's.</summary>
    public void Settle(ref Transaction transaction, IPAddress peer)
    {
        for (var claim = transaction.Claims; claim is { IsSettled: false }; claim = claim.Before)
            Settle(claim, peer, PeerSource.LaterLine);
        transaction.Claims = null;
    }

    /// <summary>Believes what has waited for long enough.</summary>
    public void BelieveDue(DateTimeOffset now)
    {
        while (_claims.TryPeek(out var claim, out var due) && (claim.IsSettled || due <= now))
            Believe(_claims.Dequeue());
    }

    /// <summary>Whether something waits.</summary>
    public bool AnyWaits => _claims.Count > 0;

    private void Believe(Claim claim)
    {
        if (claim.IsSettled)
            return;
        if (claim.Named is not null)
            Settle(claim, claim.Named, PeerSource.SameLine);
        else
            Ambiguous++;
        claim.IsSettled = true;
    }

    private void Settle(Claim claim, IPAddress peer, PeerSource source)
    {
        claim.IsSettled = true;
        Consider(claim.Names, peer, source, claim.Program, claim.Time);
    }

    private void Consider(IReadOnlyList<TriedName> asked, IPAddress peer, PeerSource source, LogProgram program, DateTimeOffset time)
    {
        foreach (var name in asked)
            Consider(program, peer, source, name, time);
    }

    private void Consider(LogProgram program, IPAddress peer, PeerSource source, in TriedName name, DateTimeOffset time)
    {
        Offenses++;
        judgement.Consider(new Offense(peer, time, OffenseKind.Probe)
        {
            Source = source,
            Mailer = NamedClients.MailerOf(program),
            Recipient = name.Text,
            RecipientKey = name.Key,
            RecipientOrder = name.Order,
        });
    }
}
