using System.Net;
using System.Net.Sockets;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using BlockSmtp.Quality.Simulation;
using BlockSmtp.Scoring;

namespace BlockSmtp.Quality.Rules;

/// <summary>
/// A policy at the gate: a milter tells it of each wrong name while the client waits for the answer, with the sender and how many
/// recipients were accepted before. A session that was cut off tells nothing more.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Make">Makes one that has seen nothing yet.</param>
internal sealed record GateRule(string Name, Func<IOffenderPolicy> Make) : Rule(Name)
{
    public override Played Play(SimulatedLog log, string file)
    {
        var game = new Game(Make());
        var mail = log.Envelopes.Where(envelope => !log.Trusted.TryFind(envelope.Transaction.Peer, out _)).Select((envelope, i) =>
            new Mail(
                (ulong)i + 1,
                envelope.Session,
                envelope.IsBounce ? SenderKind.Null : SenderKind.Named,
                envelope.Names,
                envelope.Transaction));
        var steps = mail.SelectMany(each => Enumerable.Range(0, each.Names.Count)
            .Select(at => (each.Transaction.Recipients[at].Time, At: at, Mail: each))
            .Append((Time: each.Transaction.End, At: -1, Mail: each)));
        foreach (var (time, at, each) in steps.OrderBy(step => step.Time))
        {
            if (at >= 0)
                game.Ask(each, at, time);
            else
                game.End(each, time);
        }

        return new Played(Scorer.Compare(log.Truth, log.Transactions, game.Spans.All));
    }

    /// <summary>A transaction, and what the mail server has answered in it so far.</summary>
    private sealed record Mail(ulong Number, int Session, SenderKind Sender, IReadOnlyList<string> Names, ScoredTransaction Transaction)
    {
        public IPAddress Peer => Transaction.Peer;

        public HashSet<string> Accepted { get; } = [];

        public bool HasOffended { get; set; }
    }

    private sealed class Game(IOffenderPolicy policy)
    {
        private readonly HashSet<int> _cut = [];
        private readonly Dictionary<IPNetwork, Block> _blocks = [];

        public BlockSpans Spans { get; } = new();

        public void Ask(Mail mail, int at, DateTimeOffset time)
        {
            if (IsCut(mail, time))
                return;
            if (mail.Transaction.Recipients[at].IsRight)
            {
                mail.Accepted.Add(mail.Names[at]);
                return;
            }

            mail.HasOffended = true;
            var (key, order) = RecipientName.OfTried(mail.Names[at]);
            var verdict = policy.Judge(new Offense(mail.Peer, time, OffenseKind.UnknownRecipient)
            {
                Source = PeerSource.Milter,
                Transaction = mail.Number,
                Sender = mail.Sender,
                AcceptedBefore = mail.Accepted.Count,
                RecipientKey = key,
                RecipientOrder = order,
            });
            Follow(mail, verdict, time);
        }

        public void End(Mail mail, DateTimeOffset time)
        {
            var isTaken = mail.Transaction.IsTaken && !IsCut(mail, time);
            if (mail.HasOffended)
            {
                var end = new TransactionEnd(mail.Peer, time, mail.Number)
                {
                    Sender = mail.Sender,
                    Recipients = mail.Accepted.Count,
                    IsTaken = isTaken,
                    IsBlocked = BlockOf(mail.Peer, time) is not null,
                };
                Follow(mail, policy.End(end), time);
            }

            foreach (var name in isTaken ? mail.Accepted : [])
            {
                policy.Accept(new Acceptance(mail.Peer, time, 1)
                {
                    Kind = AcceptanceKind.Delivery,
                    RecipientKey = RecipientName.OfTried(name).Key,
                });
            }
        }

        /// <summary>Whether the session was cut off, or is now.</summary>
        private bool IsCut(Mail mail, DateTimeOffset time)
        {
            if (BlockOf(mail.Peer, time) is not null)
                _cut.Add(mail.Session);
            return _cut.Contains(mail.Session);
        }

        private Block? BlockOf(IPAddress host, DateTimeOffset time) =>
            BlockOf(HostKey.NetworkOf(host), time)
            ?? (host.AddressFamily == AddressFamily.InterNetworkV6 ? BlockOf(NetworkText.Masked(host, 64), time) : null);

        private Block? BlockOf(IPNetwork network, DateTimeOffset time) =>
            _blocks.GetValueOrDefault(network) is { } block && time < block.Until ? block : null;

        private void Follow(Mail mail, Verdict verdict, DateTimeOffset time)
        {
            if (verdict.IsRelease && BlockOf(mail.Peer, time) is { } unfounded)
            {
                _blocks.Remove(unfounded.Network);
                Spans.OnReleased(unfounded, time, ReleaseReason.Unfounded);
            }
            else if (verdict.IsBlock)
            {
                var network = verdict.Network ?? HostKey.NetworkOf(mail.Peer);
                var block = new Block(network, time, time + verdict.BlockFor, verdict.Offenses, verdict.Reason!);
                _blocks[network] = block;
                Spans.OnBlocked(block);
            }
        }
    }
}
