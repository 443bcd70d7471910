using System.Net;
using BlockSmtp.Judging;

namespace BlockSmtp.Tests.Detection;

internal sealed class BlockListTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Of_very_many_blocks_only_the_latest_keep_the_names()
    {
        var blocks = new BlockList(250_000);
        for (var i = 0; i <= BlockList.MostEvidence; i++)
            blocks.Add(BlockOf(i));

        blocks.TryGet(BlockOf(0).Network, out var first).Should().BeTrue();
        blocks.TryGet(BlockOf(BlockList.MostEvidence).Network, out var last).Should().BeTrue();

        first!.Evidence.Should().BeNull("the store has it");
        last!.Evidence.Should().NotBeNull();
        blocks.All.Count(block => block.Evidence is not null).Should().Be(BlockList.MostEvidence);
    }

    [Test]
    public void One_that_has_lost_its_names_ends_in_time_all_the_same()
    {
        var blocks = new BlockList(250_000);
        for (var i = 0; i <= BlockList.MostEvidence; i++)
            blocks.Add(BlockOf(i));

        blocks.NextEnd.Should().Be(Start.AddHours(3));
        blocks.TryExpire(Start.AddHours(3), out var expired).Should().BeTrue();
        expired!.Network.Should().Be(BlockOf(0).Network);
    }

    private static Block BlockOf(int number) =>
        new(
            new IPNetwork(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), 32),
            Start.AddSeconds(number),
            Start.AddHours(3).AddSeconds(number),
            4,
            "x")
        {
            Evidence = new Evidence(4, Start, Start, ["<anna@example.org>"], PeerSource.Connection),
        };
}
