using System.Net;
using BlockSmtp.Policies;

namespace BlockSmtp.Tests.Policies;

public sealed class CountPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Host = IPAddress.Parse("203.0.113.20");

    [Test]
    public void The_fourth_offense_blocks_for_three_hours_by_default()
    {
        var policy = new CountPolicy();

        Judge(policy, 0, 1, 2).Should().AllSatisfy(verdict => verdict.IsBlock.Should().BeFalse());
        var verdict = Judge(policy, 3).Single();

        verdict.IsBlock.Should().BeTrue();
        verdict.BlockFor.Should().Be(TimeSpan.FromHours(3));
        verdict.Offenses.Should().Be(4);
        verdict.Reason.Should().Be("more than 3 wrong guesses within 1d");
    }

    [Test]
    public void Offenses_older_than_the_window_do_not_count()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxOffenses = 2, Window = TimeSpan.FromSeconds(10) });

        Judge(policy, 0, 1, 10, 19, 21, 29, 31).Should().AllSatisfy(verdict => verdict.IsBlock.Should().BeFalse());
        Judge(policy, 32).Single().IsBlock.Should().BeTrue();
    }

    [Test]
    public void After_a_block_counting_begins_anew()
    {
        var policy = new CountPolicy();
        Judge(policy, 0, 1, 2, 3, 4, 5, 6, 7).Count(verdict => verdict.IsBlock).Should().Be(2);
    }

    [Test]
    public void No_tolerance_at_all_blocks_the_first() =>
        Judge(new CountPolicy(new CountPolicyOptions { MaxOffenses = 0 }), 0).Single().IsBlock.Should().BeTrue();

    [Test]
    public void A_large_tolerance_is_kept_to_the_one()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxOffenses = 1000 });
        var verdicts = Judge(policy, [.. Enumerable.Range(0, 1001)]);
        verdicts.Count(verdict => verdict.IsBlock).Should().Be(1);
        verdicts[^1].Offenses.Should().Be(1001);
    }

    [Test]
    public void Hosts_are_counted_apart_also_when_their_bits_are_alike()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxOffenses = 1 });
        policy.Judge(new Offense(IPAddress.Parse("1.2.3.4"), Start, OffenseKind.UnknownRecipient));
        policy.Judge(new Offense(IPAddress.Parse("::1.2.3.4"), Start, OffenseKind.UnknownRecipient)).IsBlock.Should().BeFalse();
    }

    [Test]
    public void With_more_hosts_than_it_may_remember_the_quietest_is_forgotten()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxOffenses = 1, MaxHosts = 2 });
        foreach (var host in new[] { "203.0.113.1", "203.0.113.2", "203.0.113.3" })
            policy.Judge(new Offense(IPAddress.Parse(host), Start, OffenseKind.UnknownRecipient));

        policy.Judge(new Offense(IPAddress.Parse("203.0.113.1"), Start, OffenseKind.UnknownRecipient)).IsBlock.Should().BeFalse();
        policy.Judge(new Offense(IPAddress.Parse("203.0.113.3"), Start, OffenseKind.UnknownRecipient)).IsBlock.Should().BeTrue();
    }

    [TestCase(-1, 1, 1)]
    [TestCase(10_001, 1, 1)]
    [TestCase(3, 0, 1)]
    [TestCase(3, 1, 0)]
    public void Options_out_of_range_are_refused(int max, int window, int block) =>
        FluentActions.Invoking(() => new CountPolicy(
            new CountPolicyOptions { MaxOffenses = max, Window = TimeSpan.FromSeconds(window), BlockTime = TimeSpan.FromSeconds(block) }))
            .Should().Throw<ArgumentOutOfRangeException>();

    [Test]
    public void A_lower_tolerance_counts_what_was_done_before()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxOffenses = 9 });
        Judge(policy, 0, 1, 2, 3, 4).Should().AllSatisfy(verdict => verdict.IsBlock.Should().BeFalse());

        policy.Update(new CountPolicyOptions { MaxOffenses = 2, BlockTime = TimeSpan.FromMinutes(5) });

        var verdict = Judge(policy, 5).Single();
        (verdict.IsBlock, verdict.BlockFor, verdict.Reason).Should().Be(
            (true, TimeSpan.FromMinutes(5), "more than 2 wrong guesses within 1d"));
        Judge(policy, 6, 7, 8).Select(after => after.IsBlock).Should().Equal(false, false, true);
    }

    [Test]
    public void A_higher_tolerance_spares_who_was_near_the_old_one()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxOffenses = 2 });
        Judge(policy, 0, 1);

        policy.Update(new CountPolicyOptions { MaxOffenses = 20 });

        var verdicts = Judge(policy, [.. Enumerable.Range(2, 19)]);
        verdicts.Count(verdict => verdict.IsBlock).Should().Be(1);
        verdicts[^1].Offenses.Should().Be(21);
    }

    [Test]
    public void A_shorter_window_forgets_what_is_older()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxOffenses = 2 });
        Judge(policy, 0, 1);

        policy.Update(new CountPolicyOptions { MaxOffenses = 2, Window = TimeSpan.FromSeconds(10) });

        Judge(policy, 12, 13).Should().AllSatisfy(verdict => verdict.IsBlock.Should().BeFalse());
    }

    [Test]
    public void An_update_out_of_range_changes_nothing()
    {
        var policy = new CountPolicy(new CountPolicyOptions { MaxOffenses = 0 });
        FluentActions.Invoking(() => policy.Update(new CountPolicyOptions { MaxOffenses = -1 }))
            .Should().Throw<ArgumentOutOfRangeException>();
        Judge(policy, 0).Single().IsBlock.Should().BeTrue();
    }

    private static List<Verdict> Judge(CountPolicy policy, params int[] seconds) =>
        [.. seconds.Select(second => policy.Judge(new Offense(Host, Start.AddSeconds(second), OffenseKind.UnknownRecipient)))];
}
