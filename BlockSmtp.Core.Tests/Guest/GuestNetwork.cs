using System.Globalization;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>A network that guests have in common, 192.0.2.0/24: a switch, and a cable to each. Disposing removes it.</summary>
internal sealed class GuestNetwork : IDisposable
{
    private const string Switch = "switch0";

    private readonly NetworkNamespace _namespace = new();
    private int _cables;

    public GuestNetwork()
    {
        _namespace.Run("ip", "link", "add", Switch, "type", "bridge");
        _namespace.Run("ip", "link", "set", Switch, "up");
    }

    /// <summary>Gives a guest that is up a cable to the switch, with an address.</summary>
    public void Plug(DebianGuest guest, string address)
    {
        var cable = string.Create(CultureInfo.InvariantCulture, $"cable{Interlocked.Increment(ref _cables)}");
        _namespace.Run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth1", "netns", guest.ProcessId);
        _namespace.Run("ip", "link", "set", cable, "master", Switch, "up");
        guest.Shell($"ip address add {address}/24 dev eth1; ip link set eth1 up");
    }

    /// <summary>Whether a port of one address lets another one in, that is no guest's.</summary>
    public bool Reaches(string from, string to, int port)
    {
        _namespace.Run("ip", "address", "add", $"{from}/24", "dev", Switch);
        try
        {
            var connect = string.Create(CultureInfo.InvariantCulture, $": </dev/tcp/{to}/{port}");
            return Command.Try("ip", [.. _namespace.Prefix[1..], "timeout", "3", "bash", "-c", connect]).ExitCode == 0;
        }
        finally
        {
            _namespace.Run("ip", "address", "delete", $"{from}/24", "dev", Switch);
        }
    }

    public void Dispose() => _namespace.Dispose();
}
