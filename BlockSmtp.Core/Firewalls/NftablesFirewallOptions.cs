namespace BlockSmtp.Firewalls;

/// <summary>What an <see cref="NftablesFirewall"/> can be told. The values are checked once, when the firewall is made.</summary>
public sealed class NftablesFirewallOptions
{
    // The kernel takes 255 (NFT_NAME_MAXLEN, linux/netfilter/nf_tables.h), but nobody needs them.
    private const int MaxTableName = 64;

    // As many as one rule of iptables takes, so that the backends can stand in for each other.
    private const int MaxPorts = 15;

    /// <summary>
    /// The table of the family <c>inet</c> that holds sets and rules; it belongs to the firewall alone. A letter, then up
    /// to 63 of <c>A-Z a-z 0-9 _</c>. Default <c>blocksmtp</c>.
    /// </summary>
    public string TableName { get; set; } = "blocksmtp";

    /// <summary>The TCP ports of the mail server that are closed to a blocked host: 1 to 15 ports from 1 to 65535. Default 25.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [25];

    /// <summary>
    /// Whether what this machine passes on to others is dropped as well: to a mail server in a container or a virtual machine, or
    /// behind this machine as a router. Packets have the port there that they have behind a translation (DNAT). Default false: only
    /// what is for the machine itself.
    /// </summary>
    public bool Forward { get; set; }

    internal void Validate()
    {
        if (TableName is null || TableName.Length is 0 or > MaxTableName || !char.IsAsciiLetter(TableName[0])
            || !TableName.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw new ArgumentException(
                $"'{TableName}' can't be the name of a table: use a letter, then up to {MaxTableName - 1} letters, digits and '_'");
        }
        if (Ports is null || Ports.Count is 0 or > MaxPorts)
            throw new ArgumentException($"{Ports?.Count ?? 0} ports to close: name 1 to {MaxPorts}");
        foreach (var port in Ports)
        {
            if (port is < 1 or > ushort.MaxValue)
                throw new ArgumentException($"{port} is not a port: use 1 to {ushort.MaxValue}");
        }
    }
}
