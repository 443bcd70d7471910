using BlockSmtp.Testing;

namespace BlockSmtp.Tests.Store;

public sealed class MemoryBlockStoreTests : BlockHistoryConformance
{
    private MemoryBlockStore _store = null!;

    protected override IBlockStore Store => _store;

    protected override IBlockHistory History => _store;

    [SetUp]
    public void Make() => _store = new();

    [Test]
    public void Less_than_no_history_is_a_mistake() =>
        FluentActions.Invoking(() => new MemoryBlockStore(-1)).Should().Throw<ArgumentOutOfRangeException>();

    [Test]
    public async Task Its_history_is_bounded()
    {
        _store = new MemoryBlockStore(2);
        for (var i = 1; i <= 5; i++)
            await CommitAsync(blocks: [new(BlockOf($"192.0.2.{i}/32", Now.AddHours(i)), Now.AddHours(i), ReleaseReason.Expired)]);
        (await History.FindAsync(new())).Select(record => record.Block.Network.ToString()).Should().Equal("192.0.2.5/32", "192.0.2.4/32");
    }
}
