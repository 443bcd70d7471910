using System.Globalization;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Output;
using BlockSmtp.Logs;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Cli.Commands;

/// <summary>Looks whether the log can be read, and whether it is a mail server's.</summary>
internal static class LogCheck
{
    private const int Enough = 1024 * 1024;
    private const int EnoughEntries = 10_000;
    private const int MostRefusals = 5;

    public static void Look(DaemonSettings settings, Findings findings)
    {
        var path = settings.Log ?? settings.UsualLog;
        if (settings.Journal is not null || (settings.Log is null && !File.Exists(path)))
        {
            LookAtJournal(settings, findings);
            return;
        }

        try
        {
            if (Directory.Exists(path))
            {
                findings.Wrong("log", $"'{path}' is a directory: name a file with --syslog-msgs-file", ExitCode.NoInput);
                return;
            }

            if (!File.Exists(path))
            {
                findings.Doubt("log", $"'{path}' does not exist: the daemon would wait for it");
                return;
            }

            Judge(path, LogSurvey.Of(Tail(path), settings.Engine), settings, findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Wrong("log", FileFailure.Describe(path, e), ExitCode.NoInput);
        }
    }

    private static void LookAtJournal(DaemonSettings settings, Findings findings)
    {
        try
        {
            var source = LogChoice.Make(settings, NullLogger.Instance);
            using var handle = source as IDisposable;
            if (source is not JournalLogSource journal)
            {
                findings.Doubt("log", $"there is no '{LogChoice.NameOf(source, settings)}', and no journal that this user may read: "
                    + "the daemon would wait for that file");
                return;
            }

            var found = LogSurvey.Of(journal.ReadLast(EnoughEntries).Span, settings.Engine);
            if (found.Lines == 0)
                findings.Good("log", $"the journal, which can be read; there is no line of {NamesOf(settings)} in it yet");
            else
                Judge("the journal", found, settings, findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Wrong("log", e.Message, ExitCode.NoInput);
        }
        catch (CommandException e)
        {
            findings.Wrong("log", e.Message, e.ExitCode);
        }
    }

    private static void Judge(string path, LogSurvey found, DaemonSettings settings, Findings findings)
    {
        if (found.Lines == 0)
        {
            findings.Doubt("log", $"'{path}' is empty: nothing can be said of its lines");
            return;
        }

        if (found.MailerLines == 0)
        {
            findings.Doubt("log", string.Create(CultureInfo.InvariantCulture,
                $"{path}: none of the last {found.Lines:N0} lines is of "
                    + $"{NamesOf(settings)}{(settings.Engine.SyslogHost is { } host ? $" on {host}" : "")}: see --mailer, "
                    + $"--mailer-syslog-name and --mailer-syslog-host"));
            return;
        }

        findings.Good("log", string.Create(CultureInfo.InvariantCulture,
            $"{path}: {found.MailerLines:N0} of the last {found.Lines:N0} lines are of "
                + $"{string.Join(" and ", found.Mailers.Select(BlockTable.NameOf))}: {found.Offenses:N0} wrong guesses, "
                + $"{found.Clients:N0} lines that name a client, {found.Ambiguous:N0} doubtful"));
        if (found.RepeatedLines > 0)
            findings.Doubt("log", string.Create(CultureInfo.InvariantCulture,
                $"{found.RepeatedLines:N0} of them only say how often another came again: {RepeatedLinesCheck.Meaning}"));
        Propose(found.UncountedRefusals, findings);
    }

    private static string NamesOf(DaemonSettings settings)
    {
        var others = string.Join(", ", settings.Engine.SyslogNames.SkipLast(1));
        return others.Length > 0 ? $"{others} or {settings.Engine.SyslogNames[^1]}" : settings.Engine.SyslogNames[0];
    }

    private static void Propose(IReadOnlyList<UncountedRefusal> refusals, Findings findings)
    {
        foreach (var refusal in refusals.Take(MostRefusals))
        {
            var shown = Printable.Show(refusal.Text);
            // What cannot be shown as it is would be no proposal.
            var proposal = shown == refusal.Text ? $": if they say that there is no such mailbox, add {OptionOf(shown)}" : "";
            findings.Doubt("refusals", string.Create(CultureInfo.InvariantCulture,
                $"{refusal.Count:N0} recipients were refused with words that do not count, '{shown}'{proposal}"));
        }

        if (refusals.Count > MostRefusals)
            findings.Doubt("refusals", $"and with {refusals.Count - MostRefusals} other texts, none of them more often");
    }

    /// <summary>As a shell takes it.</summary>
    private static string OptionOf(string text) => $"--unknown-user-text='{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>The last whole lines.</summary>
    private static ReadOnlySpan<byte> Tail(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var skipped = Math.Max(0, file.Length - Enough);
        file.Position = skipped;
        var buffer = new byte[Enough];
        var read = file.ReadAtLeast(buffer, Enough, throwOnEndOfStream: false);
        ReadOnlySpan<byte> text = buffer.AsSpan(0, read);
        if (skipped > 0)
            text = text[(text.IndexOf((byte)'\n') + 1)..];
        return text[..(text.LastIndexOf((byte)'\n') + 1)];
    }
}
