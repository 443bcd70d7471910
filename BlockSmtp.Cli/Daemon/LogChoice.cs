using BlockSmtp.Cli.Logging;
using BlockSmtp.Logs;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Finds the log to follow: what was named, else the first usual file that exists, else the journal.</summary>
internal static class LogChoice
{
    /// <exception cref="CommandException">The journal was named and cannot be read.</exception>
    public static ILogSource Make(DaemonSettings settings, ILogger logger)
    {
        if (settings.Journal is { } journal)
            return Named(() => new JournalLogSource(journal, logger));
        var file = settings.Log ?? settings.UsualLog;
        if (settings.Log is not null || File.Exists(file))
            return Follow(file, settings, logger);

        try
        {
            var source = new JournalLogSource(settings.AnyJournal, logger);
            logger.JournalChosen();
            return source;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            logger.JournalPassedOver(e.Message);
            return Follow(file, settings, logger);
        }
    }

    /// <summary>What a person calls it.</summary>
    public static string NameOf(ILogSource source, DaemonSettings settings) =>
        source is FileLogSource ? settings.Log ?? settings.UsualLog : "the journal";

    /// <summary>What tells how far it is read; null for the journal, which has no such measure.</summary>
    public static Func<LogProgress?>? ProgressOf(ILogSource source) => source is FileLogSource file ? () => file.Progress : null;

    private static FileLogSource Follow(string file, DaemonSettings settings, ILogger logger) =>
        new(new FileLogSourceOptions { Path = file, FromStart = settings.Verb.FromStart }, logger);

    private static JournalLogSource Named(Func<JournalLogSource> make)
    {
        try
        {
            return make();
        }
        catch (DllNotFoundException e)
        {
            throw new CommandException(ExitCode.Unavailable, $"--journal: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.NoInput, $"--journal: {e.Message}");
        }
    }
}
