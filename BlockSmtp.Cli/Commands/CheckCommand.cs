using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>Tells whether the daemon would start. Looks at all that it would need, and changes nothing.</summary>
internal static class CheckCommand
{
    public static async Task<int> RunAsync(CheckVerb verb)
    {
        var settings = DaemonSettings.Of(verb);
        if (verb.Print)
        {
            Print(settings);
            return ExitCode.Ok;
        }

        var findings = new Findings(Console.Out);
        var set = verb.Origins.Count(origin => origin.Key is not "config");
        findings.Good("options", $"{set} set{(verb.Config is { } file ? $", with {file}" : File.Exists(ConfigurationFile.Usual) ? $", with {ConfigurationFile.Usual}" : "")}");
        if (verb.WhiteList is null)
            findings.Doubt("white-list", "none is named: put the networks that must never be blocked into a file and name it with --white-list");
        else
            findings.Good("white-list", $"{settings.Engine.WhiteList.Count} networks in {verb.WhiteList}");
        MachineCheck.Look(settings, findings);
        await FirewallCheck.LookAsync(settings, findings);
        await ControlCheck.LookAsync(settings, findings);
        LogCheck.Look(settings, findings);
        RateLimitCheck.Look(findings);
        Console.Out.WriteLine(findings.Code == ExitCode.Ok ? "the daemon would start" : "the daemon would not start");
        return findings.Code;
    }

    /// <summary>Each option with the value in force and where it comes from.</summary>
    private static void Print(DaemonSettings settings)
    {
        var verb = settings.Verb;
        foreach (var option in CommandTable.Default.Options)
        {
            var origin = verb.Origins.GetValueOrDefault(option.Name, SettingOrigin.Default);
            var value = origin == SettingOrigin.Default ? InForce(option, settings) : option.TextOf(verb) ?? "";
            Console.Out.WriteLine($"{$"{option.Name} = {Printable.Show(value)}",-60}  # {origin.Place}");
        }
    }

    private static string InForce(CliOption option, DaemonSettings settings) => option.Name switch
    {
        "syslog-msgs-file" when settings.Log is { } log => log,
        "control-socket" => settings.ControlSocket ?? "none",
        _ => option.Default,
    };
}
