using BlockSmtp.Testing;

namespace BlockSmtp.Tests.Sharing;

/// <summary>The fleet in memory does what every fleet must.</summary>
[TestFixture]
public sealed class MemoryFleetTests : FleetOutageConformance
{
    private MemoryFleet _fleet = null!;

    protected override Task SetUpFleetAsync()
    {
        _fleet = new MemoryFleet();
        return Task.CompletedTask;
    }

    protected override IFleet Join(string node) => _fleet.Join(node);

    protected override Task StopServerAsync()
    {
        _fleet.IsAway = true;
        return Task.CompletedTask;
    }

    protected override Task StartServerAsync(bool isWiped)
    {
        if (isWiped)
            _fleet.Wipe();
        _fleet.IsAway = false;
        return Task.CompletedTask;
    }
}
