using System.Globalization;

namespace BlockSmtp.Cli.Daemon;

/// <summary>What this process may do beyond its user's rights (capabilities(7)).</summary>
internal static class Capabilities
{
    public const int ReadSearch = 2; // CAP_DAC_READ_SEARCH
    public const int Kill = 5; // CAP_KILL
    public const int NetAdmin = 12; // CAP_NET_ADMIN
    public const int Trace = 19; // CAP_SYS_PTRACE

    public static bool Has(int capability)
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("CapEff:", StringComparison.Ordinal));
        var effective = ulong.Parse(line["CapEff:".Length..].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return (effective >> capability & 1) != 0;
    }
}
