using System.Net;

namespace BlockSmtp.Processes;

/// <summary>Which connections are the mail server's, for <see cref="SendmailPeerLookup"/> and <see cref="SendmailReaper"/>.</summary>
public sealed class SendmailProcessOptions
{
    /// <summary>
    /// The addresses that the mail server accepts connections on, IPv4 or IPv6; an IPv4-mapped one counts as IPv4.
    /// Empty, the default: any address of the machine.
    /// </summary>
    public IReadOnlyList<IPAddress> MailerAddresses { get; init; } = [];

    /// <summary>The TCP ports that the mail server listens on, 1 to 65535, at least one. Default: 25.</summary>
    public IReadOnlyList<int> MailerPorts { get; init; } = [25];
}
