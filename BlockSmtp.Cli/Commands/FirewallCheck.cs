using System.Diagnostics;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Cli.Commands;

/// <summary>Looks at the firewall that the daemon would use, and at the versions of its tools.</summary>
internal static class FirewallCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task LookAsync(DaemonSettings settings, Findings findings)
    {
        if (settings.Verb.DryRun)
        {
            findings.Good("firewall", "none (dry run)");
            return;
        }

        var choice = new FirewallChoice(settings.Chain, settings.Table, NullLoggerFactory.Instance);
        var kind = await choice.ResolveAsync(settings.Firewall);
        new NeighbourCheck("/").Look(settings, kind, findings);
        var firewall = choice.Make(kind);
        using var handle = firewall as IDisposable;
        try
        {
            // To list is to need all that blocking needs, and changes nothing.
            var blocked = await firewall.ListAsync(CancellationToken.None);
            findings.Good("firewall", $"{FirewallChoice.NameOf(kind)} works, {blocked.Count} networks in it{await VersionsAsync(kind)}");
        }
        catch (FirewallException e)
        {
            findings.Wrong("firewall", e.Message, e.Failure == FirewallFailure.NotPermitted ? ExitCode.NoPermission : ExitCode.Unavailable);
        }
    }

    private static async Task<string> VersionsAsync(FirewallKind kind)
    {
        string[] tools = kind switch
        {
            FirewallKind.Iptables => ["iptables", "ip6tables"],
            FirewallKind.Ipset => ["ipset", "iptables", "ip6tables"],
            _ => [],
        };
        var versions = await Task.WhenAll(tools.Select(VersionAsync));
        return string.Concat(versions.OfType<string>().Select(version => $"; {version}"));
    }

    private static async Task<string?> VersionAsync(string tool)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(tool, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var output = process.StandardOutput;
            using var patience = new CancellationTokenSource(Patience);
            var line = await output.ReadLineAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return line?.Trim();
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return null;
        }
    }
}
