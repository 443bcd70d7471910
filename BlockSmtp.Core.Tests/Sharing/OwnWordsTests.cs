using System.Net;
using BlockSmtp.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Sharing;

/// <summary>What a host has to say to the others, and to say again where a server has lost it.</summary>
public sealed class OwnWordsTests
{
    private static readonly FleetWord Block = new("", FleetWordKind.Block, IPNetwork.Parse("192.0.2.1/32"))
    {
        Left = TimeSpan.FromHours(1),
        Offenses = 4,
        Reason = "guesses",
    };
    private static readonly FleetWord Release = new("", FleetWordKind.Release, IPNetwork.Parse("192.0.2.2/32"));

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void What_was_confirmed_and_not_read_back_is_said_again_to_a_server_that_may_lack_it()
    {
        var words = Said(Block, Release);
        words.Take(10).Should().BeEmpty("the server has it");

        words.DoubtUnread();
        words.StartOver();

        words.Take(10).Select(pending => pending.Word.Kind).Should().BeEquivalentTo([FleetWordKind.Block, FleetWordKind.Release]);
    }

    [Test]
    public void What_was_read_back_is_not_said_again_until_the_server_has_lost_everything()
    {
        var words = Said(Block);
        words.ConfirmRead(Block);

        words.DoubtUnread();
        words.StartOver();
        words.Take(10).Should().BeEmpty();

        words.Doubt().Should().Be(1);
        words.Take(10).Should().ContainSingle();
    }

    [Test]
    public void What_was_taken_and_not_confirmed_waits_again_and_what_is_over_does_not()
    {
        var words = new OwnWords(_time);
        words.Add(Block);
        words.Take(10).Should().ContainSingle();
        words.Waiting.Should().Be(1);

        words.StartOver();
        words.Take(10).Should().ContainSingle();

        _time.Advance(TimeSpan.FromHours(2));
        words.StartOver();
        words.Take(10).Should().BeEmpty();
        words.Waiting.Should().Be(0);
    }

    private OwnWords Said(params FleetWord[] said)
    {
        var words = new OwnWords(_time);
        foreach (var word in said)
            words.Add(word);
        foreach (var pending in words.Take(10))
            words.Confirm(pending).Should().BeTrue();
        return words;
    }
}
