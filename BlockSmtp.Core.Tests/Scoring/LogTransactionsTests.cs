using System.Text;
using BlockSmtp.Policies;
using BlockSmtp.Scoring;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Scoring;

/// <summary>What a log tells of who has asked for what.</summary>
public sealed class LogTransactionsTests
{
    [Test]
    public async Task Wrong_names_and_messages_of_labelled_hosts_are_noted_and_the_policy_judges_as_ever()
    {
        var truth = Truth.ReadLabels(new StringReader("203.0.113.20 guesser\n198.51.100.10 innocent\n"));
        var log = new LogText().Unknown(7, 5).End(7, "203.0.113.20").Unknown(8, 1).End(8, "198.51.100.10").Unknown(9, 4)
            .End(9, "198.51.100.11");
        var asked = new LogTransactions(truth);
        var spans = new BlockSpans();
        var options = new ReplayOptions { TimeZone = TimeZoneInfo.Utc, FirstYear = 2026, Observer = new Both(asked, spans) };

        await new LogReplay(
            new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString())), asked.Around(new CountPolicy()), options,
                new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero))).RunAsync();

        asked.All.Select(each => (each.Peer.ToString(), each.IsTaken, each.Recipients.Count)).Should()
            .BeEquivalentTo([("203.0.113.20", false, 5), ("198.51.100.10", false, 1)]);
        Scorer.Compare(truth, asked.All, spans.All).Should()
            .BeEquivalentTo(new { Guessers = 1, GuessersBlocked = 1, Innocents = 1, InnocentsBlocked = 0, Unlabelled = 1 });
    }

    private sealed class Both(LogTransactions asked, BlockSpans spans) : IEngineObserver
    {
        public void OnOffense(in Offense offense) => asked.OnOffense(offense);

        public void OnBlocked(Block block) => spans.OnBlocked(block);
    }
}
