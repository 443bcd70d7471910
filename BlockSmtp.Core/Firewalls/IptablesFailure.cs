namespace BlockSmtp.Firewalls;

/// <summary>Says what a failed call of iptables means and how to mend it.</summary>
internal static class IptablesFailure
{
    /// <param name="tool">What was run.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="look">What to do when nothing better is known.</param>
    public static FirewallException Of(Tool tool, ToolResult result, string look = "look at the rules with iptables -S, ip6tables -S")
    {
        var message = WithoutName(
            tool.Name, result.Errors.Length == 0 ? $"exit code {result.ExitCode}" : result.Errors.ReplaceLineEndings("; "));
        if (Has("you must be root", "Permission denied", "Operation not permitted"))
            return Make(FirewallFailure.NotPermitted, "run as root or with CAP_NET_ADMIN");
        if (Has("do you need to insmod", "rotocol not supported", "not supported by protocol", "Cannot open session to kernel"))
            return Make(FirewallFailure.Missing, "load the kernel's netfilter modules, such as ip_tables or nf_tables");
        if (Has("xtables lock"))
            return Make(FirewallFailure.Failed, "see who holds /run/xtables.lock");
        return Make(FirewallFailure.Failed, look);

        bool Has(params ReadOnlySpan<string> texts)
        {
            foreach (var text in texts)
            {
                if (message.Contains(text, StringComparison.Ordinal))
                    return true;
            }
            return false;
        }

        FirewallException Make(FirewallFailure failure, string mend) =>
            new($"{tool.Name}: {message}: {mend}") { Failure = failure };
    }

    /// <summary>Without the tool's name in front ("iptables v1.8.9 (nf_tables): ", "iptables-restore: "): it is said once.</summary>
    private static string WithoutName(string name, string message)
    {
        var colon = message.IndexOf(": ", StringComparison.Ordinal);
        return colon >= 0 && message.StartsWith(name.Split('-')[0], StringComparison.Ordinal) ? message[(colon + 2)..] : message;
    }
}
