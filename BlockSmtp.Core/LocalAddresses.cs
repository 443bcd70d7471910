using System.Net;
using System.Net.NetworkInformation;

namespace BlockSmtp;

/// <summary>
/// The addresses of this machine, for <see cref="DetectionOptions.OwnAddresses"/>: a program of its own that mistypes a recipient must not
/// close the mail server to it.
/// </summary>
public static class LocalAddresses
{
    /// <summary>The addresses that the machine's interfaces have now, of both families, link-local ones without their interface.</summary>
    /// <returns>The addresses.</returns>
    /// <exception cref="NetworkInformationException">The kernel does not tell.</exception>
    public static IReadOnlyList<IPAddress> All() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(port => port.GetIPProperties().UnicastAddresses)
            .Select(found => new IPAddress(found.Address.GetAddressBytes())),
    ];
}
