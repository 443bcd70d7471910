using BlockSmtp.Cli.Daemon;
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
}
