using System.Globalization;
using System.Net;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Milter;

namespace BlockSmtp.Cli.Commands;

/// <summary>Looks whether a mail server asks the gate, and whether its mail would wait for one that is away.</summary>
internal static class GateCheck
{
    public const string SendmailFile = "/etc/mail/sendmail.cf", PostfixFile = "/etc/postfix/main.cf";

    // The path in packaging/systemd/blocksmtp-milter.socket.
    private const string HandedPath = "/run/blocksmtp-milter.sock";

    // The gate holds the last answer back for a second (MailGateOptions.Hold).
    private const int ShortestReply = 2;
    private const int LongestConnect = 10, LongestReply = 10, LongestEnd = 60;

    public static void Look(
        DaemonSettings settings, Findings findings, string sendmailFile = SendmailFile, string postfixFile = PostfixFile)
    {
        var ours = settings.Gate is not { } gate ? null
            : settings.IsGateHandedOver ? $"unix:{HandedPath}"
            : MilterAddress.Show(gate.Address);
        var (seen, asked) = (0, 0);
        if (Read(sendmailFile, findings) is { } sendmail)
        {
            seen++;
            var (filters, unasked) = SendmailMilters.Of(sendmail);
            asked += Judge(filters, ours, sendmailFile, "T=C:2s;S:2s;R:4s;E:8s, and no F=", findings);
            if (ours is not null && unasked.Find(milter => IsAt(milter, ours)) is { } known)
            {
                asked++;
                findings.Doubt("gate", $"{sendmailFile}: the filter '{known.Name}' is not in InputMailFilters, "
                    + "so sendmail does not ask it: write INPUT_MAIL_FILTER, and not MAIL_FILTER, in sendmail.mc");
            }
        }

        if (Read(postfixFile, findings) is { } postfix)
        {
            seen++;
            asked += Judge(
                PostfixMilters.Of(postfix),
                ours,
                postfixFile,
                "connect_timeout=2s, command_timeout=4s, content_timeout=8s, default_action=accept",
                findings);
        }

        if (ours is null || asked > 0)
            return;
        if (seen == 0)
            findings.Good("gate", $"{ours}; there is neither '{sendmailFile}' nor '{postfixFile}' to look at");
        else
            findings.Doubt(
                "gate",
                $"no mail server here asks at {ours}: docs/milter.md has the line for it (S= in sendmail.cf, smtpd_milters in main.cf)");
    }

    /// <returns>How many of the milters are the gate.</returns>
    private static int Judge(List<AskedMilter> milters, string? ours, string file, string right, Findings findings)
    {
        var count = 0;
        foreach (var milter in milters)
        {
            if (ours is null)
            {
                // Of another program's milter there is nothing to say.
                if (milter.Address?.ToString()?.StartsWith("/run/blocksmtp", StringComparison.Ordinal) == true)
                    findings.Doubt("gate", $"{file}: mail servers ask at {milter.Address}, and nobody answers there: "
                        + $"set milter = {MilterAddress.Show(milter.Address)}");
                continue;
            }

            if (!IsAt(milter, ours))
                continue;
            count++;
            var doubts = DoubtsOf(milter).ToArray();
            if (doubts.Length > 0)
                findings.Doubt("gate", $"{file}: {string.Join("; ", doubts)}: right is {right}");
            else
                findings.Good("gate", string.Create(CultureInfo.InvariantCulture, $"{file} asks at {ours}, waits {milter.Connect} s, "
                    + $"{milter.Reply} s and {milter.End} s, and takes mail when it is away"));
        }

        return count;
    }

    private static IEnumerable<string> DoubtsOf(AskedMilter milter)
    {
        if (milter.WhenAway is { } away)
            yield return $"mail is held up while the gate is away ({away})";
        if (milter.Connect > LongestConnect || milter.Reply > LongestReply || milter.End > LongestEnd)
            yield return string.Create(CultureInfo.InvariantCulture, $"a gate that hangs delays mail by {milter.Connect} s at the "
                + $"connection, {milter.Reply} s at each command and {milter.End} s at the end");
        if (milter.Reply < ShortestReply)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{milter.Reply} s is too short to wait for an answer, which the gate may hold back for a second");
    }

    private static bool IsAt(AskedMilter milter, string ours) => milter.Address is { } address && MilterAddress.Show(address) == ours;

    /// <returns>Null where there is none.</returns>
    private static string[]? Read(string path, Findings findings)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Doubt("gate", FileFailure.Describe(path, e));
            return null;
        }
    }
}
