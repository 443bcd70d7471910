using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A <see cref="LoneServer"/> with nftables, for each test anew.</summary>
internal abstract class NftablesServerFixture
{
    private protected LoneServer Server { get; private set; } = null!;

    [SetUp]
    public void Make()
    {
        Requires.Root();
        Requires.Tool("nft");
        Server = new();
    }

    [TearDown]
    public void Leave() => Server?.Dispose();
}
