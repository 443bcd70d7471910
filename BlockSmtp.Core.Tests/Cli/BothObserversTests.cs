using System.Net;
using BlockSmtp.Cli.Output;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

internal sealed class BothObserversTests
{
    [Test]
    public void Both_want_offenses_when_one_of_them_does_and_only_that_one_is_told()
    {
        var (without, with) = (new WithoutOffenses(), new SeenDecisions());
        foreach (var both in new IEngineObserver[] { new BothObservers(without, with), new BothObservers(with, without) })
        {
            both.WantsOffenses.Should().BeTrue();
            both.OnOffense(new Offense(IPAddress.Loopback, default, OffenseKind.UnknownRecipient));
        }

        (without.Offenses, with.Offenses).Should().Be((0, 2));
        ((IEngineObserver)new BothObservers(without, without)).WantsOffenses.Should().BeFalse();
    }
}
