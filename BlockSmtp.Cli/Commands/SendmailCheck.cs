using System.Globalization;

namespace BlockSmtp.Cli.Commands;

/// <summary>
/// Looks whether sendmail logs what is needed, and whether it shows clients what is none of their business (docs/sendmail.md).
/// </summary>
internal static class SendmailCheck
{
    private const int LevelOfGuesses = 5, LevelOfDeliveries = 8;

    private static readonly char[] Separators = [',', ' ', '\t'];

    /// <summary>Looks at its configuration.</summary>
    /// <param name="findings">Takes what is found.</param>
    /// <param name="file">The configuration.</param>
    public static void Look(Findings findings, string file = GateCheck.SendmailFile)
    {
        try
        {
            if (!File.Exists(file))
                return;
            var lines = File.ReadAllLines(file);
            LookAtLevel(lines, file, findings);
            LookAtPrivacy(lines, file, findings);
            var users = Path.Combine(Path.GetDirectoryName(file) ?? "", "virtusertable");
            if (File.Exists(users))
                LookAtUsers(File.ReadAllLines(users), users, findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Doubt("log", FileFailure.Describe(file, e));
        }
    }

    private static void LookAtLevel(string[] lines, string file, Findings findings)
    {
        if (SendmailFile.ValuesOf(lines, "LogLevel", 'L').LastOrDefault() is not { } text
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var level)
            || level >= LevelOfDeliveries)
            return;
        var missing = level < LevelOfGuesses
            ? "logs no guess, so that nobody is ever blocked"
            : "logs no delivery, so that nobody earns anything by what he delivers";
        findings.Doubt("log", $"{file}: at LogLevel={level} sendmail {missing}: 9 is its own, {LevelOfDeliveries} the least");
    }

    private static void LookAtPrivacy(string[] lines, string file, Findings findings)
    {
        var flags = SendmailFile.ValuesOf(lines, "PrivacyOptions", 'p')
            .SelectMany(value => value.Split(Separators, StringSplitOptions.RemoveEmptyEntries));
        // Of goaway it is a part.
        if (!flags.Any(flag => flag.Equals("noverb", StringComparison.OrdinalIgnoreCase)
            || flag.Equals("goaway", StringComparison.OrdinalIgnoreCase)))
            findings.Doubt("log", $"{file}: PrivacyOptions without noverb let a client see what a delivery comes to, and with one message "
                + "whether there are users by as many names as its sender has room for; add noverb (confPRIVACY_FLAGS in sendmail.mc)");
    }

    /// <summary>Of a domain's other users an error is told at MAIL, too, which is logged nowhere.</summary>
    private static void LookAtUsers(string[] lines, string file, Findings findings)
    {
        var domains = lines.Select(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries))
            .Where(entry => entry.Length == 2
                && entry[0].StartsWith('@')
                && entry[1].TrimStart().StartsWith("error:", StringComparison.OrdinalIgnoreCase))
            .Select(entry => entry[0])
            .ToList();
        if (domains.Count > 0)
            findings.Doubt("log", $"{file}: {string.Join(", ", domains)}: by error: a client is told at MAIL, which sendmail does not log, "
                + "what users there are; name a user that does not exist instead");
    }
}
