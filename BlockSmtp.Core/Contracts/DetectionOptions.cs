using System.Net;

namespace BlockSmtp;

/// <summary>What counts as an offense, and of whom; the same for a <see cref="DetectionEngine"/> and a <see cref="LogReplay"/>.</summary>
public class DetectionOptions
{
    /// <summary>Whose lines count. Default: <see cref="Mailer.Auto"/>, those of every mail server that is known.</summary>
    public Mailer Mailer { get; set; }

    /// <summary>
    /// The names under which the mail server logs. Default: <c>sm-mta</c> (Debian) and <c>sendmail</c> (Red Hat), <c>postfix</c> for
    /// Postfix's <c>postfix/smtpd</c>, <c>postfix/submission/smtpd</c> and <c>postfix-out/smtpd</c>, <c>exim</c> and <c>exim4</c>. With
    /// <see cref="Mailer.Auto"/> a name that begins with <c>exim</c> is Exim's, and any other sendmail's where it stands alone.
    /// </summary>
    public IReadOnlyList<string> SyslogNames { get; set; } = ["sm-mta", "sendmail", "postfix", "exim", "exim4"];

    /// <summary>
    /// The only host whose lines count, as the log names it, upper and lower case alike. Default: null, any host. A log with the lines of
    /// several mail servers needs this: only the processes of this machine can be looked at.
    /// </summary>
    public string? SyslogHost { get; set; }

    /// <summary>Whether each VRFY and EXPN is an offense too. Default: false, only unknown recipients are.</summary>
    public bool CountProbes { get; set; }

    /// <summary>
    /// How many transactions without a message (<c>MAIL</c>, perhaps <c>RCPT</c>, <c>RSET</c>, and again) a host may make in a minute: one
    /// more is an offense (<see cref="OffenseKind.EmptyTransactions"/>). Counted in sendmail's log, where the policy wants acceptances.
    /// Default 500; 0 for as many as it likes.
    /// </summary>
    public int MaxEmptyTransactions { get; set; } = 500;

    /// <summary>
    /// Words with which this site refuses a recipient that it does not know, at the end of the line, such as <c>Benutzer unbekannt</c>;
    /// beside the mail server's own and the usual ones of English. Default: none; none may be empty.
    /// </summary>
    public IReadOnlyList<string> UnknownUserTexts { get; set; } = [];

    /// <summary>The trusted networks. Default: none.</summary>
    public WhiteList WhiteList { get; set; } = WhiteList.Empty;

    /// <summary>The mail server's own addresses, which are never blocked (nor are 127.0.0.1 and ::1). Default: none.</summary>
    public IReadOnlyList<IPAddress> OwnAddresses { get; set; } = [];

    /// <summary>How many transactions are remembered at a time; when there are more, the oldest goes. Default 65,536; at least 1.</summary>
    public int MaxTransactions { get; set; } = 65_536;

    /// <summary>
    /// How many blocks there may be at a time; when there are more, the one that would end first ends now. Default 250,000; at least 1.
    /// </summary>
    public int MaxBlocks { get; set; } = 250_000;

    /// <summary>
    /// Whether the names that were tried are kept: <see cref="Offense.Recipient"/> and <see cref="Block.Evidence"/>. Default: false; it
    /// costs some memory for each offense.
    /// </summary>
    public bool KeepRecipients { get; set; }

    /// <summary>Sees every decision. Default: nobody.</summary>
    public IEngineObserver? Observer { get; set; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal virtual void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTransactions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBlocks, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxEmptyTransactions);
        ArgumentNullException.ThrowIfNull(WhiteList);
        ArgumentNullException.ThrowIfNull(OwnAddresses);
        if (!Enum.IsDefined(Mailer))
            throw new ArgumentOutOfRangeException(nameof(Mailer), Mailer, "There is no such mail server.");
        if (UnknownUserTexts is null || UnknownUserTexts.Any(string.IsNullOrEmpty))
            throw new ArgumentException("None may be empty.", nameof(UnknownUserTexts));
        if (SyslogNames is null || SyslogNames.Count == 0 || SyslogNames.Any(string.IsNullOrEmpty))
            throw new ArgumentException("There must be at least one name, and none may be empty.", nameof(SyslogNames));
    }
}
