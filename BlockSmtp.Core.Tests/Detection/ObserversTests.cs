using System.Net;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Detection;

internal sealed class ObserversTests
{
    [Test]
    public void Both_want_offenses_when_one_of_them_does_and_only_that_one_is_told()
    {
        var (without, with) = (new WithoutOffenses(), new SeenDecisions());
        foreach (var both in new[] { Observers.Of(without, with)!, Observers.Of(with, without)! })
        {
            both.WantsOffenses.Should().BeTrue();
            both.OnOffense(new Offense(IPAddress.Loopback, default, OffenseKind.UnknownRecipient));
        }

        (without.Offenses, with.Offenses).Should().Be((0, 2));
        Observers.Of(without, without)!.WantsOffenses.Should().BeFalse();
    }

    [Test]
    public void What_one_throws_is_told_and_the_others_hear_of_it_all_the_same()
    {
        var seen = new SeenDecisions();
        var all = Observers.Of(new Failing(), null, seen)!;

        all.Invoking(told => told.OnBlocked(new Block(IPNetwork.Parse("203.0.113.7/32"), default, default, 4, "x")))
            .Should().Throw<AggregateException>();

        seen.Lines.Should().ContainSingle();
    }

    private sealed class Failing : IEngineObserver
    {
        public void OnBlocked(Block block) => throw new InvalidOperationException("this one is not well");
    }
}
