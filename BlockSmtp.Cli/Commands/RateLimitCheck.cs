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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The units of mail servers, as Debian and the systems of RPM name them. The packages lift the limit of each.</summary>
    internal static string[] Units { get; } =
        ["sendmail.service", "postfix.service", "postfix@-.service", "exim4.service", "exim.service"];

    public static void Look(Findings findings)
    {
        // Of each unit, whatever name of it was asked for, once.
        foreach (var said in (Ask() ?? "").Split("\n\n").Select(PropertiesIn).DistinctBy(said => said.GetValueOrDefault("Id")))
        {
            if (said.GetValueOrDefault("LoadState") != "loaded" || !said.TryGetValue("Id", out var unit))
                continue;
            if (long.TryParse(said.GetValueOrDefault("LogRateLimitBurst"), CultureInfo.InvariantCulture, out var lines) && lines >= Enough)
                findings.Good("log rate", $"journald does not drop lines of {unit}");
            else
                findings.Doubt("log rate", $"journald drops lines of {unit} when there are many, and guesses in them are not counted: "
                    + "put LogRateLimitIntervalSec=1s and LogRateLimitBurst=100000000 "
                    + $"below [Service] in /etc/systemd/system/{unit}.d/blocksmtp.conf, then systemctl "
                    + $"daemon-reload and systemctl restart {unit}");
        }
    }

    private static Dictionary<string, string> PropertiesIn(string said)
    {
        var properties = new Dictionary<string, string>();
        foreach (var line in said.Split('\n'))
        {
            if (line.IndexOf('=') is > 0 and var at)
                properties[line[..at]] = line[(at + 1)..];
        }

        return properties;
    }

    /// <summary>What systemd says; null where there is none.</summary>
    private static string? Ask()
    {
        try
        {
            var start = new ProcessStartInfo("systemctl", ["show", "--property=Id,LoadState,LogRateLimitBurst", .. Units])
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
