using System.Globalization;
using System.Net;
using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>
/// What every <see cref="IBlockStore"/> must do. Derive from it to test one of your own; where yours is asked for what is over too, derive
/// from <see cref="BlockHistoryConformance"/>.
/// </summary>
public abstract class BlockStoreConformance
{
    /// <summary>The time of the tests.</summary>
    protected static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 3, 123, TimeSpan.Zero);

    /// <summary>An empty store, the same one throughout a test.</summary>
    protected abstract IBlockStore Store { get; }

    /// <summary>A store that nobody has used has nothing.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_store_that_nobody_has_used_has_nothing() =>
        Assert.That(Show(await Store.LoadAsync(default)), Is.EqualTo(Show(StoredState.Empty)));

    /// <summary>
    /// All of what was committed is loaded: times to a tenth of a microsecond, text of clients as it is, hosts of both families.
    /// </summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task What_was_committed_is_loaded()
    {
        var offenses = new HostOffenses(
            IPAddress.Parse("2001:db8::7"), [OffenseOf("2001:db8::7", "joe@example.org"), OffenseOf("2001:db8::7", null)]);
        await CommitAsync(
            position: "here",
            blocks: [new(BlockOf("192.0.2.1/32")), new(BlockOf("2001:db8::/64"))],
            offenses: [offenses],
            waiting: [WaitingOf(2)]);

        var expected = new StoredState
        {
            LogPosition = "here",
            Blocks = [BlockOf("192.0.2.1/32"), BlockOf("2001:db8::/64")],
            Offenses = [offenses],
            Waiting = [WaitingOf(2)],
        };
        Assert.That(Show(await Store.LoadAsync(default)), Is.EqualTo(Show(expected)));
    }

    /// <summary>What has ended, or counts for nothing any more, is not loaded.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task What_is_over_is_no_longer_loaded()
    {
        await CommitAsync(
            blocks: [new(BlockOf("192.0.2.1/32"))],
            offenses: [new(IPAddress.Parse("192.0.2.7"), [OffenseOf("192.0.2.7", "a")])],
            waiting: [WaitingOf(1)]);
        await CommitAsync(
            blocks: [new(BlockOf("192.0.2.1/32"), Now.AddHours(1), ReleaseReason.Requested)],
            offenses: [new(IPAddress.Parse("192.0.2.7"), [])],
            waiting: [WaitingOf(0)]);

        Assert.That(Show(await Store.LoadAsync(default)), Is.EqualTo(Show(StoredState.Empty)));
    }

    /// <summary>A block of the same network that begins at the same time takes the place of the one before.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_block_whose_end_was_moved_is_one_block()
    {
        var block = BlockOf("192.0.2.1/32");
        await CommitAsync(blocks: [new(block)]);
        await CommitAsync(blocks: [new(block with { Until = block.Until.AddHours(-2) })]);

        Assert.That((await Store.LoadAsync(default)).Blocks.Select(found => found.Until), Is.EqualTo(new[] { block.Until.AddHours(-2) }));
    }

    /// <summary>A change without a place leaves the place; one that is the whole state takes the place of all there was.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_whole_state_takes_the_place_of_all()
    {
        await CommitAsync(
            position: "here",
            blocks: [new(BlockOf("192.0.2.1/32")), new(BlockOf("192.0.2.2/32"))],
            offenses: [new(IPAddress.Parse("192.0.2.7"), [OffenseOf("192.0.2.7", "a")])],
            waiting: [WaitingOf(1)]);

        await CommitAsync(isWhole: true, time: Now.AddHours(1), blocks: [new(BlockOf("192.0.2.2/32"))]);

        Assert.That(Show(await Store.LoadAsync(default)), Is.EqualTo(Show(new StoredState { Blocks = [BlockOf("192.0.2.2/32")] })));
    }

    /// <summary>Many are kept in one change.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Ten_thousand_blocks_are_one_change()
    {
        var networks = Enumerable.Range(0, 10_000).Select(i => FormattableString.Invariant($"10.0.{i >> 8}.{i & 255}/32")).ToArray();
        await CommitAsync(blocks: [.. networks.Select(network => new BlockRecord(BlockOf(network)))]);

        Assert.That(
            (await Store.LoadAsync(default)).Blocks.Select(block => block.Network.ToString()).Order(StringComparer.Ordinal),
            Is.EqualTo(networks.Order(StringComparer.Ordinal)));
    }

    /// <summary>Commits a change.</summary>
    /// <param name="isWhole">Whether it is the whole state.</param>
    /// <param name="time">When; null for <see cref="Now"/>.</param>
    /// <param name="position">How far the log was read.</param>
    /// <param name="blocks">Blocks that are new, moved or over.</param>
    /// <param name="offenses">What hosts have done.</param>
    /// <param name="waiting">Transactions whose client is not known.</param>
    /// <returns>A task that ends when it is kept.</returns>
    protected async Task CommitAsync(
        bool isWhole = false,
        DateTimeOffset? time = null,
        string? position = null,
        BlockRecord[]? blocks = null,
        HostOffenses[]? offenses = null,
        WaitingTransaction[]? waiting = null) =>
        await Store.CommitAsync(
            new()
            {
                Time = time ?? Now,
                IsWhole = isWhole,
                LogPosition = position,
                Blocks = blocks ?? [],
                Offenses = offenses ?? [],
                Waiting = waiting ?? [],
            },
            default);

    /// <summary>A block, with text of a client that a store must not take for its own.</summary>
    /// <param name="network">Who.</param>
    /// <param name="since">When it began; null for <see cref="Now"/>. It lasts three hours.</param>
    /// <returns>The block.</returns>
    protected static Block BlockOf(string network, DateTimeOffset? since = null) =>
        new(IPNetwork.Parse(network), since ?? Now, (since ?? Now).AddHours(3), 4, "more than \"3\" ü")
        {
            Evidence = new Evidence(
                4,
                (since ?? Now).AddMinutes(-1),
                since ?? Now,
                ["<a@example.org>", "b'); DROP TABLE block; --"],
                PeerSource.LaterLine)
            {
                Mailer = Mailer.Exim,
            },
        };

    /// <summary>A transaction whose client is not known.</summary>
    /// <param name="offenses">How many offenses it has.</param>
    /// <returns>The transaction.</returns>
    protected static WaitingTransaction WaitingOf(int offenses) =>
        new("6ANHntrU000123", 123, "mail1", offenses, Now, Now.AddTicks(1), offenses > 0 ? ["joe"] : []);

    /// <summary>An offense.</summary>
    /// <param name="host">Whose.</param>
    /// <param name="recipient">The name; null for none.</param>
    /// <returns>The offense.</returns>
    protected static Offense OffenseOf(string host, string? recipient) =>
        new(IPAddress.Parse(host), Now.AddTicks(7), OffenseKind.UnknownRecipient)
        {
            Source = PeerSource.Connection,
            Recipient = recipient,
            Mailer = Mailer.Postfix,
            Sender = SenderKind.Null,
            Transaction = ulong.MaxValue - 7,
        };

    /// <summary>A block with all that is known of it, as text to compare.</summary>
    /// <param name="record">The block.</param>
    /// <returns>The text.</returns>
    protected static string Show(BlockRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return string.Create(CultureInfo.InvariantCulture, $"{Show(record.Block)}, released {record.ReleasedAt:O} {record.ReleaseReason}");
    }

    private static string Show(StoredState state) => string.Join('\n',
    [
        $"position {state.LogPosition}",
        .. state.Blocks.Select(Show).Order(StringComparer.Ordinal),
        .. state.Offenses.Select(host => $"{host.Host}: {string.Join(" | ", host.Offenses.Select(Show))}").Order(StringComparer.Ordinal),
        .. state.Waiting.Select(waiting => string.Create(CultureInfo.InvariantCulture,
            $"waiting {waiting.QueueId} {waiting.ProcessId} {waiting.LogHost} {waiting.Offenses} {waiting.First:O} {waiting.Last:O} "
                + $"{string.Join(' ', waiting.Recipients)}")),
    ]);

    private static string Show(Block block) => string.Create(CultureInfo.InvariantCulture,
        $"{block.Network} {block.Since:O} {block.Until:O} {block.Offenses} {block.Reason} {block.Evidence?.Offenses} "
            + $"{block.Evidence?.First:O} {block.Evidence?.Last:O} {block.Evidence?.Source} "
            + $"{string.Join(' ', block.Evidence?.Recipients ?? [])}");

    private static string Show(Offense offense) =>
        string.Create(CultureInfo.InvariantCulture, $"{offense.Peer} {offense.Time:O} {offense.Kind} {offense.Source} {offense.Recipient} "
            + $"{offense.Mailer} {offense.Sender} {offense.Transaction}");
}
