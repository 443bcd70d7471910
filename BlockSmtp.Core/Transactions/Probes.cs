using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
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
internal sealed class Probes(ILineClock clock, AddressCache addresses, Judgement judgement, WaitingNames names, LivePeers? live)
{
    // A block is made of far fewer.
    private const int MostInOne = 64;
    private const int MostClients = 1024;

    private readonly AgingTable<TransactionKey, IPAddress> _clients = new(MostClients);

    /// <summary>Whether they count.</summary>
    public bool AreCounted { get; set; }

    /// <summary>How many names were asked for.</summary>
    public long Offenses { get; private set; }

    /// <summary>How many lines looked like one but named no client, or no time.</summary>
    public long Ambiguous { get; private set; }

    /// <summary>A client has asked for names.</summary>
    public void On(in SyslogLine line, in MailEvent read, bool keepsText)
    {
        var hasTime = clock.TryGetTime(line.Stamp, out var time);
        var source = read.Text.IsEmpty ? PeerSource.Connection : PeerSource.SameLine;
        var peer = addresses.TryParse(read.Text, out var named) ? named : read.Text.IsEmpty && hasTime ? Ask(line, read) : null;
        if (!hasTime || peer is null)
        {
            Ambiguous++;
            return;
        }

        if (source == PeerSource.SameLine)
            _clients.Touch(new TransactionKey(read.Id, line.ProcessId, line.Host), out _, out _) = peer;
        judgement.Advance(time);
        // VRFY takes a list, too: each name in it is asked for. Of one that is not shown nothing is known but that it was.
        var count = 0;
        foreach (var part in read.Recipient.Split((byte)','))
        {
            var asked = read.Recipient[part].Trim((byte)' ');
            if (!asked.IsEmpty && count++ < MostInOne)
                Consider(line, peer, source, names.Read(asked, keepsText), time);
        }

        if (count == 0)
            Consider(line, peer, source, names.Read(default, keepsText), time);
    }

    /// <summary>Whom a probe of the same process and queue id has named; null where there was none of late.</summary>
    public IPAddress? ClientOf(in TransactionKey key) => _clients.TryGet(key, out var client) ? client : null;

    private IPAddress? Ask(in SyslogLine line, in MailEvent read)
    {
        var transaction = default(Transaction);
        live?.Resolve(new TransactionKey(read.Id, line.ProcessId, line.Host), ref transaction, line.IsRepeated);
        return transaction.Peer;
    }

    private void Consider(in SyslogLine line, IPAddress peer, PeerSource source, in TriedName name, DateTimeOffset time)
    {
        Offenses++;
        judgement.Consider(new Offense(peer, time, OffenseKind.Probe)
        {
            Source = source,
            Mailer = NamedClients.MailerOf(line.Program),
            Recipient = name.Text,
            RecipientKey = name.Key,
            RecipientOrder = name.Order,
        });
    }
}
