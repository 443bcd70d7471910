using System.Runtime.InteropServices;

namespace BlockSmtp.Firewalls;

/// <summary>What came of commands to libnftables.</summary>
/// <param name="Done">Whether they were carried out.</param>
/// <param name="Errors">The library's messages.</param>
internal readonly record struct NftablesResult(bool Done, string Errors)
{
    /// <summary>Says what the failure means and how to mend it.</summary>
    public FirewallException ToException(string table) => ToException(FirstError(), table);

    /// <summary>Says what an error of the kernel means and how to mend it.</summary>
    public static FirewallException ToException(int error, string table) => ToException(Marshal.GetPInvokeErrorMessage(error), table);

    private static FirewallException ToException(string message, string table)
    {
        if (Has(message, "Operation not permitted") || Has(message, "Permission denied"))
            return Make(FirewallFailure.NotPermitted, "run as root or with CAP_NET_ADMIN");
        if (Has(message, "not supported"))
            return Make(FirewallFailure.Missing, "load the kernel's module nf_tables, or use another firewall");
        return Make(FirewallFailure.Failed, $"look at the rules with nft list table inet {table}");

        FirewallException Make(FirewallFailure failure, string mend) => new($"nftables: {message}: {mend}") { Failure = failure };
    }

    /// <summary>The first message, without the place, which shows our own commands.</summary>
    private string FirstError()
    {
        const string Mark = "Error: ";
        foreach (var line in Errors.Split('\n'))
        {
            var start = line.IndexOf(Mark, StringComparison.Ordinal);
            if (start >= 0)
                return line[(start + Mark.Length)..].Trim();
        }
        return Errors.Length == 0 ? "failed without a message" : Errors.Trim().ReplaceLineEndings("; ");
    }

    private static bool Has(string message, string text) => message.Contains(text, StringComparison.Ordinal);
}
