using System.Net;

namespace BlockSmtp.Scoring;

/// <summary>Holds blocks against the truth.</summary>
internal static class Scorer
{
    // A rule that is in the kernel drops what comes a moment later; docs/performance.md has what it really takes.
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(10);

    // A host that is blocked so long after its last word was still found.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    // What such a host brings are bounces of mail that its recipients have never sent: nobody misses it.
    private const string Backscatter = "backscatter";

    /// <summary>Holds blocks against the truth. A host of which nothing was asked counts for nothing.</summary>
    /// <param name="truth">Who guesses.</param>
    /// <param name="transactions">What hosts would have done had nobody blocked anybody.</param>
    /// <param name="blocks">Who was shut out when.</param>
    /// <returns>The score.</returns>
    public static Score Compare(Truth truth, IEnumerable<ScoredTransaction> transactions, IReadOnlyCollection<BlockSpan> blocks)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(transactions);
        ArgumentNullException.ThrowIfNull(blocks);
        var singles = blocks.Where(block => NetworkText.IsHost(block.Network)).ToLookup(block => block.Network.BaseAddress);
        var networks = blocks.Where(block => !NetworkText.IsHost(block.Network)).ToArray();
        var score = new Score { Unlabelled = singles.Count(single => truth.Find(single.Key) is null) };
        HashSet<ulong> learnt = [];
        HashSet<ulong> missed = [];
        foreach (var host in transactions.GroupBy(transaction => transaction.Peer))
        {
            if (truth.Find(host.Key) is not { } known)
                continue;
            BlockSpan[] its =
                [.. singles[host.Key].Concat(networks.Where(block => block.Network.Contains(host.Key))).OrderBy(block => block.Since)];
            ScoredTransaction[] asked = [.. host.OrderBy(transaction => transaction.Start)];
            var kind = score.KindOf(known);
            var isBlocked =
                its.Any(block => block.Since <= asked.Max(transaction => transaction.End) + Grace && block.Until > asked[0].Start);
            kind.Hosts++;
            kind.Blocked += isBlocked ? 1 : 0;
            if (known.IsGuesser)
                AddGuesser(score, kind, asked, its, isBlocked, learnt, missed);
            else
                AddInnocent(score, kind, asked, its, isBlocked);
        }

        score.NamesLearnt = learnt.Count;
        score.NamesToLearn = learnt.Union(missed).Count();
        return score;
    }

    private static void AddInnocent(Score score, KindScore kind, ScoredTransaction[] asked, BlockSpan[] blocks, bool isBlocked)
    {
        score.Innocents++;
        score.InnocentsBlocked += isBlocked ? 1 : 0;
        if (kind.Kind == Backscatter)
            return;
        foreach (var transaction in asked.Where(transaction => transaction.IsTaken))
        {
            var recipients = transaction.Recipients.Count(recipient => recipient.IsRight);
            var lost = Meets(blocks, transaction.Start, transaction.End) ? recipients : 0;
            score.Accepted += recipients;
            score.Harmed += lost;
            kind.Asked += recipients;
            kind.Lost += lost;
        }
    }

    private static void AddGuesser(
        Score score, KindScore kind, ScoredTransaction[] asked, BlockSpan[] blocks, bool isBlocked, HashSet<ulong> learnt,
            HashSet<ulong> missed)
    {
        score.Guessers++;
        score.GuessersBlocked += isBlocked ? 1 : 0;
        HashSet<ulong> wrong = [];
        var (leaked, nameless) = (0, 0);
        DateTimeOffset? first = null;
        foreach (var transaction in asked)
        {
            foreach (var (time, name, isRight) in transaction.Recipients)
            {
                first ??= time;
                var isAnswered = !Meets(blocks, transaction.Start, time);
                score.Guesses++;
                kind.Asked++;
                score.GuessesAnswered += isAnswered ? 1 : 0;
                kind.Lost += isAnswered ? 1 : 0;
                if (isAnswered && (blocks.Length == 0 || time <= blocks[0].Since + Latency))
                    leaked++;
                if (!isRight && name == 0)
                    nameless++;
                else if (!isRight)
                    wrong.Add(name);
                else if (name != 0)
                    (isAnswered ? learnt : missed).Add(name);
            }
        }

        if (wrong.Count + nameless < Score.Persistence)
            return;
        score.Persistent++;
        score.PersistentBlocked += isBlocked ? 1 : 0;
        score.Leaks.Add(leaked);
        kind.Leaks.Add(leaked);
        if (blocks.Length > 0 && first is { } begun)
            score.Delays.Add(Math.Max(0, (blocks[0].Since - begun).TotalSeconds));
    }

    /// <summary>Whether a transaction that began then meets a block when it goes on at this time.</summary>
    private static bool Meets(BlockSpan[] blocks, DateTimeOffset start, DateTimeOffset time)
    {
        foreach (var block in blocks)
        {
            if (start < block.Until && time > block.Since + Latency)
                return true;
        }

        return false;
    }
}
