using System.Net;
using BlockSmtp.Control;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Control;

internal sealed class EngineActivityTests
{
    [Test]
    public void It_wants_offenses_and_tells_the_next_of_them_only_if_that_one_does_too()
    {
        var (without, with) = (new WithoutOffenses(), new SeenDecisions());
        foreach (var next in new IEngineObserver[] { without, with })
        {
            var activity = new EngineActivity(next);
            ((IEngineObserver)activity).WantsOffenses.Should().BeTrue();
            activity.OnOffense(new Offense(IPAddress.Loopback, default, OffenseKind.UnknownRecipient));
        }

        (without.Offenses, with.Offenses).Should().Be((0, 1));
    }
}
