using System.Net;

namespace BlockSmtp.Cli.Names;

/// <summary>Asks the domain name system.</summary>
internal interface IDnsLookup
{
    /// <summary>The addresses of a host, of both families, and for how long they are good; none where there are none.</summary>
    /// <exception cref="DnsFailure">There is no answer.</exception>
    Task<(IReadOnlyList<IPAddress> Addresses, TimeSpan Good)> FindHostAsync(string host);

    /// <summary>The texts of a domain.</summary>
    /// <exception cref="DnsFailure">There is no answer.</exception>
    Task<(IReadOnlyList<string> Texts, TimeSpan Good)> FindTextsAsync(string domain);

    /// <summary>The names of the hosts that take mail for a domain.</summary>
    /// <exception cref="DnsFailure">There is no answer.</exception>
    Task<(IReadOnlyList<string> Hosts, TimeSpan Good)> FindMailServersAsync(string domain);
}
