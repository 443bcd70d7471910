using System.Net;

namespace BlockSmtp.Processes;

/// <summary>The local ends of connections that are the mail server's: its addresses and its ports.</summary>
internal sealed class MailerEnds
{
    private readonly UInt128[] _addresses;
    private readonly ushort[] _ports;

    /// <exception cref="ArgumentException">An address or a port that no connection can have.</exception>
    public MailerEnds(SendmailProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var address in options.MailerAddresses)
        {
            if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                throw new ArgumentException(
                    $"'{address}' is no address of a connection: leave MailerAddresses empty for any.", nameof(options));
        }

        if (options.MailerPorts.Count == 0)
            throw new ArgumentException("MailerPorts is empty: name at least one port, such as 25.", nameof(options));
        foreach (var port in options.MailerPorts)
        {
            if (port is < 1 or > ushort.MaxValue)
                throw new ArgumentException($"{port} is not a TCP port: MailerPorts are 1 to 65535.", nameof(options));
        }

        _addresses = [.. options.MailerAddresses.Select(TcpEnd.AddressOf)];
        _ports = [.. options.MailerPorts.Select(port => (ushort)port)];
    }

    /// <summary>Whether a connection accepted at <paramref name="local"/> is the mail server's.</summary>
    public bool Contains(TcpEnd local) =>
        _ports.AsSpan().Contains(local.Port) && (_addresses.Length == 0 || _addresses.AsSpan().Contains(local.Address));
}
