namespace BlockSmtp.Syslog;

/// <summary>Which mail servers' lines count.</summary>
[Flags]
internal enum MailPrograms
{
    None = 0,

    Sendmail = 1,

    Postfix = 2,

    /// <summary>Exim's in syslog, and its own main log, which is no syslog.</summary>
    Exim = 4,

    All = Sendmail | Postfix | Exim,
}
