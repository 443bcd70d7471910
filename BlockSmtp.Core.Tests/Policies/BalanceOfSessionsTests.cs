using System.Net;
using BlockSmtp.Grammars;
using BlockSmtp.Policies;
using FluentAssertions;
using NUnit.Framework;

namespace BlockSmtp.Tests.Policies;

/// <summary>
/// Where the line of a guess names client and sender, but not the transaction: Postfix tells of whole sessions, Exim of nothing.
/// </summary>
[TestFixture]
public sealed class BalanceOfSessionsTests
{
    private const ulong Session = 7;

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Host = IPAddress.Parse("203.0.113.20");

    private BalancePolicy _policy = new();
    private ulong _name;

    [SetUp]
    public void Begin() => (_policy, _name) = (new BalancePolicy(), 0);

    [TestCase(SenderKind.Named)]
    [TestCase(SenderKind.Null)]
    public void Four_names_in_one_session_are_too_many_whosever_mail_it_is(SenderKind sender)
    {
        Enumerable.Range(0, 4).Select(_ => Try(sender, Session)).Should().Equal(false, false, false, true);

        End(sender, messages: 1).IsRelease.Should().BeFalse("they were tried for one message");
    }

    [Test]
    public void A_session_of_bounces_is_let_in_again_when_it_shows_that_each_was_a_message_of_its_own()
    {
        for (var i = 0; i < 4; i++)
            Try(SenderKind.Null, Session);

        var verdict = End(SenderKind.Null, messages: 4);

        verdict.IsRelease.Should().BeTrue();
        verdict.Reason.Should().Contain("bounces");
    }

    [Test]
    public void That_is_no_way_to_guess_on_for_ever()
    {
        var tried = 0;
        for (var session = Session; tried < 100; session++)
        {
            var names = 0;
            do
            {
                (names, tried) = (names + 1, tried + 1);
            }
            while (!Try(SenderKind.Null, session));
            if (!End(SenderKind.Null, messages: names, session: session).IsRelease)
                break;
        }

        tried.Should().BeInRange(38, 42, "as many as in transactions of their own");
    }

    [TestCase(SenderKind.Named, 4)]
    [TestCase(SenderKind.Null, 41)]
    public void One_name_in_each_of_many_sessions_at_once(SenderKind sender, int blockedAt)
    {
        var tries = Enumerable.Range(1, 50).Select(i => Try(sender, Session + (ulong)i)).ToList();

        tries.IndexOf(true).Should().Be(blockedAt - 1);
    }

    [TestCase(SenderKind.Named, 4)]
    [TestCase(SenderKind.Null, 41)]
    public void Where_nothing_tells_of_sessions_a_null_sender_is_taken_for_a_bounce(SenderKind sender, int blockedAt)
    {
        var tries = Enumerable.Range(1, 50).Select(_ => Try(sender, 0)).ToList();

        tries.IndexOf(true).Should().Be(blockedAt - 1);
    }

    [TestCase(5, 3)]
    [TestCase(4, 2)]
    public void Of_a_null_sender_with_right_names_beside_wrong_ones_there_may_be_no_more_than_one_in_each_message(
        int messages, int blockedAt)
    {
        Try(SenderKind.Null, Session);
        Try(SenderKind.Null, Session);
        End(SenderKind.Null, messages, recipients: 3);

        var tries = Enumerable.Range(1, 4).Select(i => Try(SenderKind.Named, Session + (ulong)i)).ToList();

        tries.IndexOf(true).Should().Be(blockedAt - 1, "two names count, or hardly do");
    }

    [Test]
    public void What_a_session_still_logs_whose_host_was_let_in_does_not_count_and_what_comes_after_does()
    {
        for (var i = 0; i < 4; i++)
            Try(SenderKind.Named, Session);
        Try(SenderKind.Named, Session + 1);

        _policy.Forgive(new IPNetwork(Host, 32), Now);

        Try(SenderKind.Named, Session).Should().BeFalse();
        End(SenderKind.Named, messages: 1, isBlocked: false).IsBlock.Should().BeFalse();
        Enumerable.Range(0, 5).Select(_ => Try(SenderKind.Named, Session + 1)).Should().NotContain(true, "it had begun before");
        Enumerable.Range(0, 4).Select(_ => Try(SenderKind.Named, Session + 2))
            .Should().Equal([false, false, false, true], "it is as if it had not been blocked");
    }

    [Test]
    public void A_session_that_is_not_ended_though_its_host_was_let_in_counts_again_a_little_later()
    {
        for (var i = 0; i < 4; i++)
            Try(SenderKind.Named, Session);
        _policy.Forgive(new IPNetwork(Host, 32), Now);

        Enumerable.Range(0, 4).Select(_ => Try(SenderKind.Named, Session, at: Now.AddSeconds(10)))
            .Should().Equal(false, false, false, true);
    }

    private bool Try(SenderKind sender, ulong session, DateTimeOffset? at = null)
    {
        var (key, order) = RecipientName.Of($"name{++_name}");
        return _policy.Judge(new Offense(Host, at ?? Now, OffenseKind.UnknownRecipient)
        {
            Source = PeerSource.SameLine,
            Sender = sender,
            Transaction = session,
            RecipientKey = key,
            RecipientOrder = order,
        }).IsBlock;
    }

    /// <summary>The session is over; whether the host is blocked is known to who asks, as it is in an engine.</summary>
    private Verdict End(SenderKind sender, int messages, int recipients = 0, ulong session = Session, bool? isBlocked = null) =>
        _policy.End(new TransactionEnd(Host, Now, session)
        {
            Sender = sender,
            Messages = messages,
            Recipients = recipients,
            IsBlocked = isBlocked ?? recipients == 0,
        });
}
