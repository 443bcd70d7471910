using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>Looks at the kernel and at what this process may do.</summary>
internal static class MachineCheck
{
    // pidfd_getfd(2).
    private static readonly Version FirstWithSockets = new(5, 6);

    public static void Look(DaemonSettings settings, Findings findings)
    {
        var release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        if (Environment.OSVersion.Version >= FirstWithSockets)
            findings.Good("kernel", release);
        else
            findings.Doubt("kernel", $"{release} is older than {FirstWithSockets}: clients are looked up in /proc, which takes longer");
        if (settings.Verb.DryRun)
        {
            findings.Good("permissions", "a dry run needs none");
            return;
        }

        var mayBlock = settings.Firewall == FirewallKind.None || Capabilities.Has(Capabilities.NetAdmin);
        List<string> lacking = [];
        if (settings.Sessions is null && !Capabilities.Has(Capabilities.Trace))
            lacking.Add("CAP_SYS_PTRACE (a client is known only once the log names it)");
        if (settings.Sessions is null && !Capabilities.Has(Capabilities.Kill))
            lacking.Add("CAP_KILL (sessions cannot be ended)");
        if (!Capabilities.Has(Capabilities.ReadSearch))
            lacking.Add("CAP_DAC_READ_SEARCH (the log must be readable otherwise)");
        if (!mayBlock)
            findings.Wrong("permissions", "CAP_NET_ADMIN is missing: run as root or with CAP_NET_ADMIN", ExitCode.NoPermission);
        if (lacking.Count > 0)
            findings.Doubt("permissions", $"missing: {string.Join(", ", lacking)}: run as root or with these");
        else if (mayBlock)
            findings.Good("permissions", "all that are needed");
    }
}
