using System.Globalization;
using System.Net;
using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

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
        var file = verb.Config ?? (File.Exists(ConfigurationFile.Usual) ? ConfigurationFile.Usual : null);
        findings.Good("options", $"{set} set{(file is null ? "" : $", with {file}")}");
        if (verb.WhiteList is null)
            findings.Doubt(
                "white-list", "none is named: put the networks that must never be blocked into a file and name it with --white-list");
        else
            LookAtWhiteList(settings.Engine.WhiteList, verb.WhiteList, findings);
        LookAtNames(settings, findings);
        MachineCheck.Look(settings, findings);
        await FirewallCheck.LookAsync(settings, findings);
        await ControlCheck.LookAsync(settings, findings);
        LogCheck.Look(settings, findings);
        RateLimitCheck.Look(findings);
        RepeatedLinesCheck.Look(findings);
        if (settings.Engine.Mailer is not (Mailer.Postfix or Mailer.Exim))
            SendmailCheck.Look(findings);
        if (settings.Engine.Mailer is not (Mailer.Sendmail or Mailer.Postfix))
            EximCheck.Look(findings);
        GateCheck.Look(settings, findings);
        Console.Out.WriteLine(findings.Code == ExitCode.Ok ? "the daemon would start" : "the daemon would not start");
        return findings.Code;
    }

    private static void LookAtWhiteList(WhiteList list, string path, Findings findings)
    {
        var now = DateTimeOffset.UtcNow;
        var current = list.At(now);
        var over = list.Count - current.Count;
        var next = current.NextEnd is { } end ? $", the next ends at {SpanText.Show(end)}" : "";
        findings.Good("white-list", $"{current.Count} networks in {path}{(over > 0 ? $", {over} more that are over" : "")}{next}");
        foreach (var everybody in new[] { "0.0.0.0/0", "::/0" })
        {
            if (current.PlaceOf(IPNetwork.Parse(everybody)) is { } place && current.TryFind(IPNetwork.Parse(everybody).BaseAddress, out _))
            {
                var family = everybody.Contains(':') ? "IPv6" : "IPv4";
                findings.Doubt("white-list", $"{place}: {everybody} is everybody: no {family} host is ever blocked; name whom you trust");
            }
        }
    }

    private static void LookAtNames(DaemonSettings settings, Findings findings)
    {
        if (settings.Verb.WhiteListNames is null)
            return;
        var names = TrustedByName.Load(settings.Verb.WhiteListNames, settings.NamesCache);
        findings.Good("names", string.Create(
            CultureInfo.InvariantCulture, $"{names.Names} in {settings.Verb.WhiteListNames} stand for {names.Networks.Count:N0} networks"));
        if (names.Missing.Count > 0)
            findings.Doubt("names", $"of {string.Join(", ", names.Missing)} no address is known: "
                + "blocksmtp resolve (systemctl enable --now blocksmtp-names.timer)");
        if (names.Old.Count > 0)
            findings.Doubt("names", $"of {string.Join(", ", names.Old)} the last answer is more than a day overdue: blocksmtp resolve");
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
