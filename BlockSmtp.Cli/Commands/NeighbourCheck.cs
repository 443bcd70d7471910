using System.Text.RegularExpressions;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>Says what others who keep rules on this machine mean for ours: UFW, firewalld, nftables.service and Docker.</summary>
/// <param name="root">Where their files are: <c>/</c>, or what a test has made.</param>
internal sealed partial class NeighbourCheck(string root)
{
    public void Look(DaemonSettings settings, FirewallKind kind, Findings findings)
    {
        if (settings.Verb.DryRun || kind == FirewallKind.None)
            return;
        var isTable = kind == FirewallKind.Nftables;
        var again = settings.Engine.CompareInterval > TimeSpan.Zero
            ? $"they are put back within {DurationText.Show(settings.Engine.CompareInterval)}"
            : "nobody puts them back (--reconcile=0)";
        LookAtUfw(isTable, again, findings);
        LookAtFirewalld(isTable, again, findings);
        LookAtNftables(isTable, again, findings);
        LookAtDocker(settings, isTable, findings);
    }

    private void LookAtUfw(bool isTable, string again, Findings findings)
    {
        if (!Matches("etc/ufw/ufw.conf", UfwEnabled))
            return;
        if (!isTable && Matches("etc/default/ufw", UfwManagesAll))
            findings.Doubt("ufw", $"MANAGE_BUILTINS=yes in /etc/default/ufw: each start and reload of UFW takes our rules away, {again}; "
                + "--firewall=nftables is not concerned");
        else
            findings.Good(
                "ufw",
                isTable ? "keeps rules beside ours, and does not touch them" : "keeps chains of its own; our jump stays before its rules");
    }

    private void LookAtFirewalld(bool isTable, string again, Findings findings)
    {
        if (!Exists("run/firewalld.pid") && !IsUnit("firewalld"))
            return;
        // Whatever its FirewallBackend: it empties iptables' tables too, where its direct rules would be (seen with 1.3, NeighbourTests).
        if (isTable)
            findings.Good("firewalld", "keeps a table of its own, and does not touch ours; what we drop does not get to it");
        else
            findings.Doubt("firewalld", "each start, reload and stop of firewalld empties the tables of iptables, "
                + $"and takes our rules away, {again}; --firewall=nftables is not concerned");
    }

    private void LookAtNftables(bool isTable, string again, Findings findings)
    {
        // Debian's comes with such a file, and with the service off.
        if (!IsUnit("nftables") || !Matches("etc/nftables.conf", FlushesAll))
            return;
        var ours = isTable ? "our table" : "our chain, where iptables is iptables-nft (iptables --version),";
        findings.Doubt("nftables", $"/etc/nftables.conf has 'flush ruleset': each start, reload and stop of nftables.service takes {ours} "
            + $"away too, {again}; flush tables of your own there instead (flush table inet filter)");
    }

    private void LookAtDocker(DaemonSettings settings, bool isTable, Findings findings)
    {
        // Not its socket, which stays when it has been stopped.
        if (!Exists("run/docker.pid") && !IsUnit("docker"))
            return;
        var guards = isTable ? settings.Table.Forward : settings.Chain.JumpFrom.Contains("DOCKER-USER");
        if (guards)
            findings.Good("docker", "what is for a container is dropped too; --mailer-port is the port in the container");
        else
            findings.Doubt("docker", "what is for a container does not come through INPUT: "
                + "if the mail server is in one (without the host's network), "
                + $"add {(isTable ? "--nftables-forward" : "--iptables-jump-from=INPUT,DOCKER-USER")}, "
                + "and --mailer-port if it is another in there");
    }

    /// <summary>Whether a service has been started, or will be at the next boot; systemd has a link for each that is up.</summary>
    private bool IsUnit(string service) =>
        new[]
        {
            $"run/systemd/units/invocation:{service}.service",
            $"etc/systemd/system/multi-user.target.wants/{service}.service",
            $"etc/systemd/system/sysinit.target.wants/{service}.service",
        }
            .Any(path => Exists(path) || new FileInfo(Path.Combine(root, path)).LinkTarget is not null);

    private bool Exists(string path) => File.Exists(Path.Combine(root, path));

    private bool Matches(string path, Regex pattern)
    {
        try
        {
            return Exists(path) && File.ReadLines(Path.Combine(root, path)).Any(line => pattern.IsMatch(line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^\s*ENABLED\s*=\s*(yes|YES)\s*$")]
    private static partial Regex UfwEnabled { get; }

    [GeneratedRegex(@"^\s*MANAGE_BUILTINS\s*=\s*yes\s*$")]
    private static partial Regex UfwManagesAll { get; }

    [GeneratedRegex(@"^\s*flush\s+ruleset\b")]
    private static partial Regex FlushesAll { get; }
}
