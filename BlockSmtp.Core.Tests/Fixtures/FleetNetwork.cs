using System.Globalization;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>
/// The network between a fleet's hosts and its servers: a namespace for the servers, and one for each host's program with a cable of its
/// own that can be cut. What else a host does goes elsewhere.
/// </summary>
internal sealed class FleetNetwork : IDisposable
{
    /// <summary>Where servers are, as many as there may be: 10.77.255.1, and so on.</summary>
    private const int Addresses = 3;

    private readonly List<NetworkNamespace> _hosts = [];
    private readonly NetworkNamespace _servers = new();

    public FleetNetwork(int hosts)
    {
        try
        {
            Requires.Tool("nft");
            for (var i = 1; i <= Addresses; i++)
                _servers.Run("ip", "address", "add", $"{Server(i)}/32", "dev", "lo");
            _servers.Run("nft", "add table inet cut; add set inet cut hosts { type ipv4_addr; }; "
                + "add chain inet cut input { type filter hook input priority 0; }; "
                + "add rule inet cut input ip saddr @hosts drop");
            for (var i = 0; i < hosts; i++)
                AddHost(i);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The words that lead to where the servers are.</summary>
    public string[] AtServers => _servers.Prefix;

    public static string Server(int number) => string.Create(CultureInfo.InvariantCulture, $"10.77.255.{number}");

    /// <summary>The words that lead to where a host's program is.</summary>
    public string[] AtHost(int host) => _hosts[host].Prefix;

    /// <summary>Whatever a host sends is lost, and nobody tells it.</summary>
    public void Cut(int host) => _servers.Run("nft", "add", "element", "inet", "cut", "hosts", $"{{ {HostAddress(host)} }}");

    public void Mend() => _servers.Run("nft", "flush", "set", "inet", "cut", "hosts");

    public void Dispose()
    {
        foreach (var host in _hosts)
            host.Dispose();
        _servers.Dispose();
    }

    private static string HostAddress(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.{host}.2");

    private void AddHost(int host)
    {
        var added = new NetworkNamespace();
        _hosts.Add(added);
        var cable = string.Create(CultureInfo.InvariantCulture, $"host{host}");
        var gate = string.Create(CultureInfo.InvariantCulture, $"10.77.{host}.1");
        _servers.Run("ip", "link", "add", cable, "type", "veth", "peer", "name", "fleet0", "netns", added.Name);
        _servers.Run("ip", "address", "add", $"{gate}/24", "dev", cable);
        _servers.Run("ip", "link", "set", cable, "up");
        added.Run("ip", "address", "add", $"{HostAddress(host)}/24", "dev", "fleet0");
        added.Run("ip", "link", "set", "fleet0", "up");
        added.Run("ip", "route", "add", "default", "via", gate);
    }
}
