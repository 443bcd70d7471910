using System.Net;
using BlockSmtp.Judging;

namespace BlockSmtp.Tests.Blocking;

public sealed class NamesWhileBlockedTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Host = IPAddress.Parse("203.0.113.7");
    private static readonly Block Block = new(IPNetwork.Parse("203.0.113.7/32"), Now, Now.AddHours(3), 4, "guesses");

    private readonly NamesWhileBlocked _names = new();

    [Test]
    public void What_was_tried_after_one_block_is_told_with_its_end_and_not_with_that_of_the_next()
    {
        _names.Add(Guess(Now), Block);

        _names.Take(Block.Network).Should().ContainSingle();
        _names.Take(Block.Network).Should().BeEmpty();
    }

    [Test]
    public void Only_what_comes_soon_and_of_a_known_sender_is_kept_and_no_more_than_is_borne()
    {
        _names.Add(Guess(Now.AddMinutes(2)), Block);
        _names.Add(Guess(Now) with { Sender = SenderKind.Unknown }, Block);
        _names.Add(Guess(Now), Block with { Origin = BlockOrigin.Operator });
        _names.Take(Block.Network).Should().BeEmpty();

        for (var i = 0; i < 1_000; i++)
            _names.Add(Guess(Now), Block);
        _names.Take(Block.Network).Should().HaveCount(48);
    }

    private static Offense Guess(DateTimeOffset time) => new(Host, time, OffenseKind.UnknownRecipient) { Sender = SenderKind.Null };
}
