namespace BlockSmtp.Cli.Daemon;

/// <summary>Which entries of the journal may be the mail server's: it is asked for whole names, and knows which user has logged.</summary>
internal static class JournalNames
{
    private static readonly string[] Services = ["", "/submission", "/submissions", "/smtps"];

    private static readonly string[] Others = ["qmgr", "local", "virtual", "lmtp", "smtp", "pipe"];

    /// <summary>The names, Postfix's with its daemons behind them.</summary>
    public static IReadOnlyList<string> Of(DetectionOptions options)
    {
        IEnumerable<string> names = options.Mailer == Mailer.Postfix ? [] : options.SyslogNames;
        if (options.Mailer is Mailer.Sendmail or Mailer.Exim)
            return [.. names];
        var instances = options.Mailer == Mailer.Postfix ? options.SyslogNames : options.SyslogNames.Where(name => name == "postfix");
        return [.. names, .. instances.SelectMany(DaemonsOf)];
    }

    /// <summary>Root, as whom sendmail runs, and the users of the other mail servers as far as this machine has them.</summary>
    public static IReadOnlyList<int> UsersOf(Mailer mailer)
    {
        string[] names = mailer switch
        {
            Mailer.Sendmail => [],
            Mailer.Postfix => ["postfix"],
            Mailer.Exim => ["Debian-exim", "exim"],
            _ => ["postfix", "Debian-exim", "exim"],
        };
        return [0, .. names.Select(UserGroup.FindUser).OfType<uint>().Select(id => (int)id)];
    }

    private static IEnumerable<string> DaemonsOf(string instance) =>
        Services.Select(service => $"{instance}{service}/smtpd").Concat(Others.Select(other => $"{instance}/{other}"));
}
