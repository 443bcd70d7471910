using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace BlockSmtp.Cli.Commands;

/// <summary>Looks whether journald may drop the lines of the mail server, which whoever makes enough of them can bring about.</summary>
internal static class RateLimitCheck
{
    // systemd.exec(5) has no word for "no limit" in one unit: 0 is the usual limit of journald.conf(5). journald makes the number
    // larger with the room on its disk.
    private const long Enough = 1_000_000;
    private const string Unit = "sendmail.service";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Look(Findings findings)
    {
        if (Ask() is not { } said || !said.Contains("LoadState=loaded", StringComparison.Ordinal))
            return;
        var burst = said.Split('\n')
            .FirstOrDefault(line => line.StartsWith("LogRateLimitBurst=", StringComparison.Ordinal))
            ?["LogRateLimitBurst=".Length..];
        if (long.TryParse(burst, CultureInfo.InvariantCulture, out var lines) && lines >= Enough)
            findings.Good("log rate", $"journald does not drop lines of {Unit}");
        else
            findings.Doubt("log rate", $"journald drops lines of {Unit} when there are many, and guesses in them are not counted: "
                + "put LogRateLimitIntervalSec=1s and LogRateLimitBurst=100000000 "
                + $"below [Service] in /etc/systemd/system/{Unit}.d/blocksmtp.conf, then systemctl "
                + $"daemon-reload and systemctl restart {Unit}");
    }

    /// <summary>What systemd says; null where there is none.</summary>
    private static string? Ask()
    {
        try
        {
            var start = new ProcessStartInfo("systemctl", ["show", "--property=LoadState", "--property=LogRateLimitBurst", Unit])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            using var output = process.StandardOutput;
            var said = output.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return null;
            }

            return process.ExitCode == 0 ? said.GetAwaiter().GetResult() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
