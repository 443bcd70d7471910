using System.Net;
using BlockSmtp.Scoring;

namespace BlockSmtp.Tests.Scoring;

/// <summary>What a score counts, by hand.</summary>
public sealed class ScorerTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);

    private readonly Truth _truth = Truth.ReadLabels(new StringReader("""
        203.0.113.20 guesser
        203.0.113.21 guesser   # tries one name and goes
        192.0.2.0/24 innocent provider
        192.0.2.7    guesser
        198.51.100.9 innocent backscatter
        """));

    private readonly List<ScoredTransaction> _asked = [];

    [SetUp]
    public void AskNothing() => _asked.Clear();

    [Test]
    public void Whoever_was_blocked_rightly_and_wrongly_makes_precision_and_recall()
    {
        Ask("203.0.113.20", 0, "a-", "b-", "c-", "d-", "e-");
        Ask("203.0.113.21", 0, "a-");
        Deliver("192.0.2.1", 0, 2);
        Deliver("192.0.2.1", 100, 3);
        Deliver("192.0.2.2", 0, 5);

        var score = Score(Block("203.0.113.20", 3), Block("192.0.2.1", 50), Block("198.18.0.1", 0));

        score.Should().BeEquivalentTo(new { Guessers = 2, GuessersBlocked = 1, Persistent = 1, PersistentBlocked = 1 });
        score.Should().BeEquivalentTo(new { Innocents = 2, InnocentsBlocked = 1, Accepted = 10L, Harmed = 3L, Unlabelled = 1 });
        score.Precision.Should().Be(0.5);
        score.Recall.Should().Be(1);
        score.RecallOfAll.Should().Be(0.5);
        score.HarmPer10000.Should().Be(3000);
    }

    [Test]
    public void What_was_answered_before_the_block_has_leaked_and_what_comes_later_is_not_learnt()
    {
        Ask("203.0.113.20", 0, "a-", "b-", "joe", "c-", "d-", "ann");

        var score = Score(Block("203.0.113.20", 3));

        // The fourth is the one that it was blocked at.
        (score.LeakMedian, score.Guesses, score.GuessesAnswered).Should().Be((4, 6, 4));
        (score.NamesLearnt, score.NamesToLearn).Should().Be((1, 2));
        score.DelayMedian.Should().Be(3);
        score.Kinds.Single().Should()
            .BeEquivalentTo(new { Kind = "guesser", IsGuesser = true, Hosts = 1, Blocked = 1, Asked = 6L, Lost = 4L, LeakMedian = 4.0 });
    }

    [Test]
    public void A_guesser_that_is_never_blocked_leaks_all()
    {
        Ask("203.0.113.20", 0, "a-", "b-", "c-", "d-", "e-");

        var score = Score();

        score.LeakMedian.Should().Be(5);
        score.Recall.Should().Be(0);
        score.Precision.Should().Be(double.NaN);
        score.DelayMedian.Should().Be(double.NaN);
    }

    [Test]
    public void A_network_that_is_blocked_shuts_out_all_in_it_and_a_block_that_was_over_nobody()
    {
        Deliver("192.0.2.1", 100, 1);
        Deliver("192.0.2.200", 100, 1);
        Ask("192.0.2.7", 100, "a-");

        Score(Block("192.0.2.0/25", 0)).Should().BeEquivalentTo(new { Harmed = 1L, InnocentsBlocked = 1, GuessersBlocked = 1 });
        Score(Block("192.0.2.0/25", 0, until: 50)).Should().BeEquivalentTo(new { Harmed = 0L, InnocentsBlocked = 0, GuessersBlocked = 0 });
    }

    [Test]
    public void Nobody_misses_what_a_host_brings_that_only_bounces_forged_mail()
    {
        Deliver("198.51.100.9", 100, 1);

        Score(Block("198.51.100.9", 0)).Should().BeEquivalentTo(new { Accepted = 0L, Harmed = 0L, InnocentsBlocked = 1 });
    }

    [Test]
    public void A_block_that_is_released_early_ends_then()
    {
        var block = new Block(IPNetwork.Parse("203.0.113.20/32"), Begin, Begin.AddHours(3), 4, "too many");
        var spans = new BlockSpans();
        spans.OnBlocked(block);
        spans.OnReleased(block, Begin.AddMinutes(1), ReleaseReason.Unfounded);
        spans.OnBlocked(block with { Since = Begin.AddHours(1), Until = Begin.AddHours(4) });
        spans.OnReleased(block, Begin.AddHours(4), ReleaseReason.Expired);

        spans.All.Select(span => (span.Since, span.Until)).Should()
            .Equal((Begin, Begin.AddMinutes(1)), (Begin.AddHours(1), Begin.AddHours(4)));
    }

    [Test]
    public void Scores_of_several_logs_add_up()
    {
        Ask("203.0.113.20", 0, "a-", "b-", "c-", "d-", "e-");
        Deliver("192.0.2.1", 0, 2);
        var sum = BlockSmtp.Scoring.Score.Sum([Score(Block("203.0.113.20", 3)), Score(), Score(Block("203.0.113.20", 1))]);

        sum.Should().BeEquivalentTo(new { Guessers = 3, GuessersBlocked = 2, Accepted = 6L, LeakMedian = 4.0, LeakHigh = 5.0 });
        sum.Kinds.Select(kind => (kind.Kind, kind.Hosts)).Should().Equal(("guesser", 3), ("provider", 3));
    }

    private static BlockSpan Block(string network, int since, int until = 10_000) =>
        new(IPNetwork.Parse(network.Contains('/', StringComparison.Ordinal) ? network : network + "/32"), Begin.AddSeconds(since),
            Begin.AddSeconds(until));

    private Score Score(params BlockSpan[] blocks) => Scorer.Compare(_truth, _asked, blocks);

    /// <summary>Names with a dash at their end are wrong; a second lies between two.</summary>
    private void Ask(string host, int at, params string[] names) => Add(
        host, at, isTaken: false,
            names.Select((name, i) => new ScoredRecipient(Begin.AddSeconds(at + i), ScoredRecipient.KeyOf(name), !name.EndsWith('-'))));

    private void Deliver(string host, int at, int recipients) =>
        Add(host, at, isTaken: true, Enumerable.Range(0, recipients)
            .Select(i => new ScoredRecipient(Begin.AddSeconds(at), ScoredRecipient.KeyOf($"user{i}"), IsRight: true)));

    private void Add(string host, int at, bool isTaken, IEnumerable<ScoredRecipient> recipients)
    {
        ScoredRecipient[] all = [.. recipients];
        _asked.Add(new ScoredTransaction(IPAddress.Parse(host), Begin.AddSeconds(at), all[^1].Time.AddSeconds(1), isTaken, all));
    }
}
