using BlockSmtp.Fleet;
using BlockSmtp.Testing;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Sharing;

/// <summary>The fleet over a real redis-server does what every fleet must.</summary>
[TestFixture]
public sealed class RedisFleetConformanceTests : FleetOutageConformance
{
    private RedisServer _server = null!;

    protected override Task SetUpFleetAsync()
    {
        _server = new RedisServer();
        return Task.CompletedTask;
    }

    [TearDown]
    public void EndServer() => _server?.Dispose();

    protected override IFleet Join(string node) =>
        new RedisFleet(new RedisFleetOptions { Servers = [_server.Socket], Node = node, Timeout = TimeSpan.FromSeconds(5) });

    protected override Task StopServerAsync()
    {
        _server.Kill();
        return Task.CompletedTask;
    }

    protected override Task StartServerAsync(bool isWiped)
    {
        if (isWiped)
            _server.Forget();
        _server.Start();
        return Task.CompletedTask;
    }
}
