using System.Net;
using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>What every <see cref="IBlockHistory"/> must do, over the store that it tells of.</summary>
public abstract class BlockHistoryConformance : BlockStoreConformance
{
    /// <summary>Tells of what <see cref="BlockStoreConformance.Store"/> keeps.</summary>
    protected abstract IBlockHistory History { get; }

    /// <summary>A block that has ended is history.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task What_is_over_is_history()
    {
        await CommitAsync(blocks: [new(BlockOf("192.0.2.1/32"))]);
        var over = new BlockRecord(BlockOf("192.0.2.1/32"), Now.AddHours(1), ReleaseReason.Requested);
        await CommitAsync(blocks: [over]);

        await ExpectAsync(new(), over);
        await ExpectAsync(new() { OnlyCurrent = true });
    }

    /// <summary>
    /// Of what a whole state lacks nobody has said when it ended: before its time it was by request, then it has expired.
    /// </summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task What_a_whole_state_lacks_is_over()
    {
        var over = new BlockRecord(BlockOf("192.0.2.9/32"), Now, ReleaseReason.Expired);
        await CommitAsync(blocks: [over, new(BlockOf("192.0.2.1/32")), new(BlockOf("192.0.2.2/32"))]);

        await CommitAsync(isWhole: true, time: Now.AddHours(1), blocks: [new(BlockOf("192.0.2.2/32"))]);

        await ExpectAsync(
            new(), over, new(BlockOf("192.0.2.1/32"), Now.AddHours(1), ReleaseReason.Requested), new(BlockOf("192.0.2.2/32")));
    }

    /// <summary>A block that ended in its time before a whole state was written has expired, at its end.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_block_that_ended_in_its_time_before_a_whole_state_has_expired()
    {
        await CommitAsync(blocks: [new(BlockOf("192.0.2.1/32"))]);
        await CommitAsync(isWhole: true, time: Now.AddHours(5));

        await ExpectAsync(new(), new BlockRecord(BlockOf("192.0.2.1/32"), Now.AddHours(3), ReleaseReason.Expired));
    }

    /// <summary>
    /// History is asked by host (also in a network that was blocked), by exact network, by time and by number, the latest first.
    /// </summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task History_is_asked_by_host_network_time_and_number()
    {
        BlockRecord[] all =
        [
            new(BlockOf("192.0.2.1/32", Now.AddHours(3))), new(BlockOf("192.0.2.0/24", Now.AddHours(2))),
            new(BlockOf("192.0.2.1/32", Now.AddHours(1)), Now.AddHours(2), ReleaseReason.Crowded), new(BlockOf("198.51.100.0/32", Now)),
        ];
        await CommitAsync(blocks: [.. all.Reverse()]);

        Assert.That((await History.FindAsync(new())).Select(Show), Is.EqualTo(all.Select(Show)), "the latest first");
        await ExpectAsync(new() { Limit = 2 }, all[..2]);
        await ExpectAsync(new() { From = Now.AddHours(2) }, all[..2]);
        await ExpectAsync(new() { Host = IPAddress.Parse("192.0.2.1") }, all[..3]);
        await ExpectAsync(new() { Host = IPAddress.Parse("192.0.2.2") }, all[1]);
        await ExpectAsync(new() { Host = IPAddress.Parse("2001:db8::1") });
        await ExpectAsync(new() { Network = IPNetwork.Parse("192.0.2.1/32") }, all[0], all[2]);
    }

    /// <summary>What a host has done that is not blocked can be asked.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task What_a_host_has_done_that_is_not_blocked_can_be_asked()
    {
        await CommitAsync(offenses: [new(IPAddress.Parse("192.0.2.7"), [OffenseOf("192.0.2.7", "a"), OffenseOf("192.0.2.7", "b")])]);

        Assert.That(
            (await History.FindOffensesAsync(IPAddress.Parse("192.0.2.7"))).Select(offense => offense.Recipient),
            Is.EqualTo(new[] { "a", "b" }));
        Assert.That(await History.FindOffensesAsync(IPAddress.Parse("192.0.2.8")), Is.Empty);
    }

    private async Task ExpectAsync(HistoryQuery query, params BlockRecord[] records) =>
        Assert.That(
            (await History.FindAsync(query)).Select(Show).Order(StringComparer.Ordinal),
            Is.EqualTo(records.Select(Show).Order(StringComparer.Ordinal)));
}
