using BlockSmtp.Firewalls;
using BlockSmtp.Testing;

namespace BlockSmtp.Tests.Firewalls;

public sealed class DryRunFirewallTests : FirewallConformance
{
    private RecordedLog<DryRunFirewall> _log = null!;

    protected override DateTimeOffset Until { get; } = new(2026, 11, 23, 21, 0, 5, TimeSpan.Zero);

    protected override bool HasPlaceOfItsOwn => false;

    protected override IFirewall Make() => new DryRunFirewall(_log = new());

    [Test]
    public async Task It_says_what_it_would_do()
    {
        await StartAsync("192.0.2.7/32");
        await BlockAsync("192.0.2.1/32");
        await ReleaseAsync("192.0.2.1/32", "192.0.2.9/32");
        await Firewall.StopAsync(default);

        _log.Entries.Select(entry => entry.Message).Should().Equal(
            "Dry run: would start with 1 networks blocked",
            "Dry run: would block 192.0.2.1/32 until 2026-11-23 21:00:05Z",
            "Dry run: would release 192.0.2.1/32",
            "Dry run: would release 1 networks and stop");
    }
}
