using System.Globalization;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Control;

namespace BlockSmtp.Cli.Commands;

/// <summary>Looks whether a daemon runs already.</summary>
internal static class ControlCheck
{
    public static async Task LookAsync(DaemonSettings settings, Findings findings)
    {
        if (settings.ControlSocket is not { } path)
        {
            findings.Doubt("control", "no socket: status, list, why, block and unblock will not work");
            return;
        }

        try
        {
            await using var client = await ControlClient.ConnectAsync(path);
            var status = await client.GetStatusAsync();
            findings.Good("control", $"{path}: a daemon runs (process {status.Daemon.ProcessId})");
            LookAtDifferences(settings, status, findings);
        }
        catch (ControlException e) when (e.Code == ControlErrorCode.NotRunning)
        {
            findings.Good("control", $"{path}: no daemon runs");
        }
        catch (ControlException e)
        {
            findings.Doubt("control", e.Message);
        }
    }

    /// <summary>What the daemon goes by that a start would not, and the other way round.</summary>
    private static void LookAtDifferences(DaemonSettings settings, DaemonStatus status, Findings findings)
    {
        if (status.Settings is { } running)
        {
            var now = SettingsInForce.Of(settings.Verb);
            var typed = CommandLineOf(status.Daemon.ProcessId);
            foreach (var option in CommandTable.Default.Options)
            {
                var (there, here) = (running.GetValueOrDefault(option.Name), now.GetValueOrDefault(option.Name));
                if (there != here && option.Name != "config" && !typed.Contains(option.Name))
                    findings.Doubt("differs", $"{option.Name}: the daemon goes by {Show(there)}, the configuration says {Show(here)}: "
                        + $"{(option.IsReloadable ? "blocksmtp reload" : "restart it")}");
            }
        }

        var trusted = settings.Engine.WhiteList.At(DateTimeOffset.UtcNow).Count;
        if (trusted != status.Engine.TrustedNetworks)
        {
            findings.Doubt("differs", string.Create(CultureInfo.InvariantCulture,
                $"white-list: the daemon has {status.Engine.TrustedNetworks:N0} networks, the files have {trusted:N0}: blocksmtp reload"));
        }
    }

    /// <summary>
    /// The options that its unit, or whoever started it, has given the daemon: a restart gives them again, whatever the configuration says.
    /// </summary>
    private static HashSet<string> CommandLineOf(int process)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{process}/cmdline")
                .Split('\0')
                .Where(word => word.StartsWith("--", StringComparison.Ordinal))
                .Select(word => word[2..].Split('=')[0])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Show(string? text) => text is null ? "the default" : $"'{Printable.Show(text)}'";
}
