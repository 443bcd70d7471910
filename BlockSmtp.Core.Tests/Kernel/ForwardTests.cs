using BlockSmtp.Firewalls;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>
/// A mail server in a namespace behind this one, as in a container or behind a router: its packets are passed on, and
/// never come through the hook input.
/// </summary>
[NonParallelizable]
public sealed class ForwardTests : NftablesFixture
{
    private NetworkNamespace _client = null!, _server = null!;

    [SetUp]
    public void Connect()
    {
        _client = new NetworkNamespace();
        _server = new NetworkNamespace();
        Link(_client, "c", "192.0.2");
        Link(_server, "s", "198.51.100");
        Network.Run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
    }

    [TearDown]
    public void Disconnect()
    {
        _client?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public async Task A_blocked_host_is_kept_from_a_server_behind_this_machine_where_that_is_wished()
    {
        Requires.Tool("python3");
        await using var server = new RunningProgram(new System.Diagnostics.ProcessStartInfo(
            "ip", ["netns", "exec", _server.Name, "python3", "-u", "-m", "http.server", "25"]));
        await Eventually.IsTrue(() => Reaches(), "the server answers", TimeSpan.FromMinutes(1));

        await Make().StartAsync(Blocks("192.0.2.2/32"), default);
        Reaches().Should().BeTrue("what is passed on does not come through the hook input");
        await Make(new() { Forward = true }).StartAsync(Blocks("192.0.2.2/32"), default);
        Reaches().Should().BeFalse();
        Lines("chain inet blocksmtp forward").Should().Contain("type filter hook forward priority filter - 10; policy accept;");
    }

    private bool Reaches() => Command.Try(
        "ip", "netns", "exec", _client.Name, "curl", "--silent", "--max-time", "3", "--output", "/dev/null",
        "http://198.51.100.2:25/").ExitCode is 0 or 1;

    /// <summary>A cable from our namespace, which has the address .1, to another, which has .2 and goes through us.</summary>
    private void Link(NetworkNamespace other, string name, string prefix)
    {
        Network.Run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", other.Name);
        Network.Run("ip", "address", "add", $"{prefix}.1/24", "dev", name);
        Network.Run("ip", "link", "set", name, "up");
        other.Run("ip", "address", "add", $"{prefix}.2/24", "dev", "eth0");
        other.Run("ip", "link", "set", "eth0", "up");
        other.Run("ip", "route", "add", "default", "via", $"{prefix}.1");
    }
}
