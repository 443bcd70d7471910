using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Quality.Simulation;
using BlockSmtp.Scoring;

namespace BlockSmtp.Quality.Rules;

/// <summary>A rule inside a mail server, which knows at once what it accepts, and counts anew in each session or transaction.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsEnough">Whether so many wrong names and so many right ones are enough; asked after each name.</param>
/// <param name="PerTransaction">Whether it counts anew in each transaction, else in each session.</param>
/// <param name="BlockTime">How long it shuts the host out; null for the rest of the session.</param>
internal sealed record MailerRule(string Name, Func<int, int, bool> IsEnough, bool PerTransaction, TimeSpan? BlockTime) : Rule(Name)
{
    /// <summary>
    /// Exim's default configuration (src/configure.default and the specification's chapter on ACLs, in the examples of $rcpt_count): after
    /// ten recipients, once less than half were accepted,
    /// the connection is dropped.
    /// </summary>
    public static MailerRule Exim { get; } =
        new("Exim, > 10 and under half", (wrong, right) => wrong + right >= 10 && 2 * right < wrong + right, PerTransaction: true, null);

    /// <summary>
    /// Forcepoint Email Security, directory attack prevention: shut out from 5 recipients on when half of them are unknown; for how long
    /// can be set: as long as we do.
    /// </summary>
    public static MailerRule Forcepoint { get; } =
        new("Forcepoint, 5 and 50 %", (wrong, right) => wrong >= 5 && wrong >= right, PerTransaction: false, TimeSpan.FromHours(3));

    public override Played Play(SimulatedLog log, string file)
    {
        List<BlockSpan> spans = [];
        Dictionary<IPAddress, BlockSpan> last = [];
        var ends = log.Sessions.GroupBy(each => each.Session)
            .ToDictionary(session => session.Key, session => session.Max(each => each.Transaction.End));
        Dictionary<(int, DateTimeOffset), (int Wrong, int Right)> counts = [];
        var asked = log.Sessions.SelectMany(each =>
            each.Transaction.Recipients.Select(recipient => (each.Session, each.Transaction, Recipient: recipient)))
            .OrderBy(each => each.Recipient.Time);
        foreach (var (session, transaction, recipient) in asked)
        {
            var peer = transaction.Peer;
            if (log.Truth.Find(peer) is null || (last.TryGetValue(peer, out var block) && transaction.Start < block.Until))
                continue;
            var key = (session, PerTransaction ? transaction.Start : default);
            var (wrong, right) = counts.GetValueOrDefault(key);
            counts[key] = (wrong, right) = recipient.IsRight ? (wrong, right + 1) : (wrong + 1, right);
            if (!IsEnough(wrong, right))
                continue;
            last[peer] = new BlockSpan(HostKey.NetworkOf(peer), recipient.Time, BlockTime is { } time
                ? recipient.Time + time : ends[session]);
            spans.Add(last[peer]);
        }

        return new Played(Scorer.Compare(log.Truth, log.Transactions, spans));
    }
}
