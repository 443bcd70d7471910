using System.Text.RegularExpressions;

namespace BlockSmtp.Cli.Commands;

/// <summary>
/// Looks whether rsyslog writes lines that are equal only once, and later how often they came: what they tell is then known late.
/// </summary>
internal static partial class RepeatedLinesCheck
{
    /// <summary>Looks at its configuration.</summary>
    /// <param name="findings">Takes what is found.</param>
    /// <param name="root">The folder in which there is an <c>etc</c>.</param>
    public static void Look(Findings findings, string root = "/")
    {
        try
        {
            var folder = Path.Combine(root, "etc/rsyslog.d");
            string[] others = Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.conf").Order(StringComparer.Ordinal)] : [];
            foreach (var path in others.Prepend(Path.Combine(root, "etc/rsyslog.conf")).Where(File.Exists))
            {
                if (Setting().IsMatch(File.ReadAllText(path)))
                {
                    findings.Doubt("log", $"{path} has $RepeatedMsgReduction on: {Meaning}");
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who may not read it is told of the log itself.
        }
    }

    /// <summary>What comes of it, and what to do.</summary>
    public static string Meaning =>
        "of equal lines there is the first, and later how many came; they count by that number alone, and late: put "
            + "$RepeatedMsgReduction off in rsyslog's configuration, or follow the journal";

    [GeneratedRegex(@"^\s*\$RepeatedMsgReduction\s+on\b", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Setting();
}
