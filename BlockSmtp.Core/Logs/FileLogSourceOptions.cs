namespace BlockSmtp.Logs;

/// <summary>What a <see cref="FileLogSource"/> follows, and how.</summary>
public sealed class FileLogSourceOptions
{
    private static readonly string[] UsualPaths = ["/var/log/mail.log", "/var/log/maillog", "/var/log/messages"];

    private static readonly string[] MainLogs = ["/var/log/exim4/mainlog", "/var/log/exim/main.log", "/var/log/exim/mainlog"];

    /// <summary>
    /// Where mail servers usually log: the first that is there now of <c>/var/log/mail.log</c> (Debian), <c>/var/log/maillog</c> (Red Hat)
    /// and <c>/var/log/messages</c>; the first of them when none is.
    /// </summary>
    public static string UsualPath => UsualPaths.FirstOrDefault(File.Exists) ?? UsualPaths[0];

    /// <summary>
    /// Where a mail server usually logs. sendmail and Postfix: <see cref="UsualPath"/>. Exim: its main log, <c>/var/log/exim4/mainlog</c>
    /// (Debian) or <c>/var/log/exim/main.log</c> (Red Hat), and where there is none, <see cref="UsualPath"/>. <see cref="Mailer.Auto"/>: of
    /// both that which was written last.
    /// </summary>
    /// <param name="mailer">The mail server.</param>
    /// <returns>The file.</returns>
    public static string UsualPathOf(Mailer mailer)
    {
        var usual = UsualPath;
        var main = mailer is Mailer.Exim or Mailer.Auto ? MainLogs.FirstOrDefault(File.Exists) : null;
        if (main is null)
            return usual;
        var isUsualNewer = File.Exists(usual) && File.GetLastWriteTimeUtc(usual) >= File.GetLastWriteTimeUtc(main);
        return mailer == Mailer.Auto && isUsualNewer ? usual : main;
    }

    /// <summary>The file. It need not exist yet, nor its directory. A relative path is taken from the current directory once.</summary>
    public required string Path { get; set; }

    /// <summary>
    /// Whether a file that exists already when the source is made is read from its beginning. Default false: only what is
    /// written from then on counts. A file born later is always read from its beginning.
    /// </summary>
    public bool FromStart { get; set; }

    /// <summary>
    /// How often the file and its name are looked at even if the kernel tells nothing, as it does on network file systems.
    /// Default 1 second, range 1 ms to 1 hour. It is a safety net and no part of how fast a line arrives.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many bytes are read at once, and so the most that a chunk brings beside an unfinished line from before.
    /// Default 64 KiB, range 4 KiB to 16 MiB.
    /// </summary>
    public int ReadLength { get; set; } = 64 * 1024;
}
