using System.Net;

namespace BlockSmtp.Tests.Store;

/// <summary>What every <see cref="IBlockStore"/> that is an <see cref="IBlockHistory"/> too must do. Derive from it to test one of your own.</summary>
public abstract class BlockStoreConformance
{
    protected static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 3, 123, TimeSpan.Zero);

    /// <summary>An empty store, the same one throughout a test.</summary>
    protected abstract IBlockStore Store { get; }

    protected abstract IBlockHistory History { get; }

    [Test]
    public async Task A_store_that_nobody_has_used_has_nothing() =>
        (await Store.LoadAsync(default)).Should().BeEquivalentTo(StoredState.Empty);

    [Test]
    public async Task What_was_committed_is_loaded()
    {
        var offenses = new HostOffenses(IPAddress.Parse("2001:db8::7"), [OffenseOf("2001:db8::7", "joe@example.org"), OffenseOf("2001:db8::7", null)]);
        var waiting = Waiting(2);
        await CommitAsync(position: "here", blocks: [new(BlockOf("192.0.2.1/32")), new(BlockOf("2001:db8::/64"))], offenses: [offenses], waiting: [waiting]);

        var state = await Store.LoadAsync(default);

        state.LogPosition.Should().Be("here");
        state.Blocks.Should().BeEquivalentTo([BlockOf("192.0.2.1/32"), BlockOf("2001:db8::/64")]);
        state.Offenses.Should().BeEquivalentTo([offenses], options => options.WithStrictOrdering());
        state.Waiting.Should().BeEquivalentTo([waiting]);
    }

    [Test]
    public async Task What_is_over_is_history_and_no_longer_loaded()
    {
        await CommitAsync(blocks: [new(BlockOf("192.0.2.1/32"))], offenses: [new(IPAddress.Parse("192.0.2.7"), [OffenseOf("192.0.2.7", "a")])], waiting: [Waiting(1)]);
        var over = new BlockRecord(BlockOf("192.0.2.1/32"), Now.AddHours(1), ReleaseReason.Requested);
        await CommitAsync(blocks: [over], offenses: [new(IPAddress.Parse("192.0.2.7"), [])], waiting: [Waiting(0)]);

        (await Store.LoadAsync(default)).Should().BeEquivalentTo(StoredState.Empty);
        (await History.FindAsync(new())).Should().BeEquivalentTo([over]);
        (await History.FindAsync(new() { OnlyCurrent = true })).Should().BeEmpty();
    }

    [Test]
    public async Task A_block_whose_end_was_moved_is_one_block()
    {
        var block = BlockOf("192.0.2.1/32");
        await CommitAsync(blocks: [new(block)]);
        await CommitAsync(blocks: [new(block with { Until = block.Until.AddHours(-2) })]);
        (await Store.LoadAsync(default)).Blocks.Should().ContainSingle().Which.Until.Should().Be(block.Until.AddHours(-2));
    }

    [Test]
    public async Task A_whole_state_takes_the_place_of_all_but_the_history()
    {
        var over = new BlockRecord(BlockOf("192.0.2.9/32"), Now, ReleaseReason.Expired);
        await CommitAsync(blocks: [over, new(BlockOf("192.0.2.1/32")), new(BlockOf("192.0.2.2/32"))], offenses: [new(IPAddress.Parse("192.0.2.7"), [OffenseOf("192.0.2.7", "a")])], waiting: [Waiting(1)]);

        await CommitAsync(isWhole: true, time: Now.AddHours(1), blocks: [new(BlockOf("192.0.2.2/32"))]);

        (await Store.LoadAsync(default)).Should().BeEquivalentTo(StoredState.Empty with { Blocks = [BlockOf("192.0.2.2/32")] });
        (await History.FindAsync(new())).Should().BeEquivalentTo(
            [over, new(BlockOf("192.0.2.1/32"), Now.AddHours(1), ReleaseReason.Requested), new(BlockOf("192.0.2.2/32"))]);
    }

    [Test]
    public async Task A_block_that_ended_in_its_time_before_a_whole_state_has_expired()
    {
        await CommitAsync(blocks: [new(BlockOf("192.0.2.1/32"))]);
        await CommitAsync(isWhole: true, time: Now.AddHours(5));
        (await History.FindAsync(new())).Should().BeEquivalentTo([new BlockRecord(BlockOf("192.0.2.1/32"), Now.AddHours(3), ReleaseReason.Expired)]);
    }

    [Test]
    public async Task History_is_asked_by_host_network_time_and_number()
    {
        BlockRecord[] all =
        [
            new(BlockOf("192.0.2.1/32", Now.AddHours(3))), new(BlockOf("192.0.2.0/24", Now.AddHours(2))),
            new(BlockOf("192.0.2.1/32", Now.AddHours(1)), Now.AddHours(2), ReleaseReason.Crowded), new(BlockOf("198.51.100.0/32", Now)),
        ];
        await CommitAsync(blocks: [.. all.Reverse()]);

        (await History.FindAsync(new())).Should().BeEquivalentTo(all, options => options.WithStrictOrdering());
        (await History.FindAsync(new() { Limit = 2 })).Should().BeEquivalentTo(all[..2]);
        (await History.FindAsync(new() { From = Now.AddHours(2) })).Should().BeEquivalentTo(all[..2]);
        (await History.FindAsync(new() { Host = IPAddress.Parse("192.0.2.1") })).Should().BeEquivalentTo(all[..3]);
        (await History.FindAsync(new() { Host = IPAddress.Parse("192.0.2.2") })).Should().BeEquivalentTo([all[1]]);
        (await History.FindAsync(new() { Host = IPAddress.Parse("2001:db8::1") })).Should().BeEmpty();
        (await History.FindAsync(new() { Network = IPNetwork.Parse("192.0.2.1/32") })).Should().BeEquivalentTo([all[0], all[2]]);
    }

    [Test]
    public async Task What_a_host_has_done_that_is_not_blocked_can_be_asked()
    {
        await CommitAsync(offenses: [new(IPAddress.Parse("192.0.2.7"), [OffenseOf("192.0.2.7", "a"), OffenseOf("192.0.2.7", "b")])]);
        (await History.FindOffensesAsync(IPAddress.Parse("192.0.2.7"))).Select(offense => offense.Recipient).Should().Equal("a", "b");
        (await History.FindOffensesAsync(IPAddress.Parse("192.0.2.8"))).Should().BeEmpty();
    }

    protected async Task CommitAsync(
        bool isWhole = false, DateTimeOffset? time = null, string? position = null, BlockRecord[]? blocks = null, HostOffenses[]? offenses = null, WaitingTransaction[]? waiting = null) =>
        await Store.CommitAsync(
            new() { Time = time ?? Now, IsWhole = isWhole, LogPosition = position, Blocks = blocks ?? [], Offenses = offenses ?? [], Waiting = waiting ?? [] }, default);

    protected static Block BlockOf(string network, DateTimeOffset? since = null) => new(IPNetwork.Parse(network), since ?? Now, (since ?? Now).AddHours(3), 4, "more than \"3\" ü")
    {
        Evidence = new Evidence(4, (since ?? Now).AddMinutes(-1), since ?? Now, ["<a@example.org>", "b'); DROP TABLE block; --"], PeerSource.LaterLine) { Mailer = Mailer.Exim },
    };

    protected static WaitingTransaction Waiting(int offenses) => new("6ANHntrU000123", 123, "mail1", offenses, Now, Now.AddTicks(1), offenses > 0 ? ["joe"] : []);

    protected static Offense OffenseOf(string host, string? recipient) =>
        new(IPAddress.Parse(host), Now.AddTicks(7), OffenseKind.UnknownRecipient) { Source = PeerSource.Connection, Recipient = recipient, Mailer = Mailer.Postfix };
}
