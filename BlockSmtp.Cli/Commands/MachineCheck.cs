using System.Net;
using System.Net.NetworkInformation;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>Looks at the kernel and at what this process may do.</summary>
internal static class MachineCheck
{
    // pidfd_getfd(2).
    private static readonly Version FirstWithSockets = new(5, 6);

    // smtp, submissions, submission (RFC 6409, RFC 8314).
    private static readonly int[] MailPorts = [25, 465, 587];

    public static void Look(DaemonSettings settings, Findings findings)
    {
        LookAtPorts(settings, findings);
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

    /// <summary>Whoever is blocked is so at the ports that are named, and guesses on at another.</summary>
    private static void LookAtPorts(DaemonSettings settings, Findings findings)
    {
        var open = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(end => !IPAddress.IsLoopback(end.Address))
            .Select(end => end.Port);
        var others = MailPorts.Intersect(open).Except(settings.MailerPorts).Order().ToArray();
        if (others.Length > 0)
            findings.Doubt("ports", $"mail is taken at {string.Join(", ", others)} too, where nobody is blocked: "
                + $"--mailer-port={string.Join(",", settings.MailerPorts.Union(others))}");
    }
}
