using System.Net;
using System.Net.NetworkInformation;

namespace BlockSmtp.Cli.Daemon;

/// <summary>The addresses of this machine: a program of its own that mistypes a recipient must not close the mail server to it.</summary>
internal static class LocalAddresses
{
    public static IEnumerable<IPAddress> All() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(port => port.GetIPProperties().UnicastAddresses).Select(found => WithoutScope(found.Address));

    private static IPAddress WithoutScope(IPAddress address) => new(address.GetAddressBytes());
}
