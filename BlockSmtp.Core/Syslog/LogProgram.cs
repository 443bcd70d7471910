namespace BlockSmtp.Syslog;

/// <summary>Which program of which mail server has logged a line, by its name in the log: a client cannot choose that.</summary>
internal enum LogProgram
{
    /// <summary>None of a mail server whose lines count.</summary>
    None,

    Sendmail,

    /// <summary>Postfix's smtpd, of whatever service and instance.</summary>
    Smtpd,

    /// <summary>Another of Postfix's daemons: the queue manager, the ones that deliver, and the rest.</summary>
    PostfixOther,

    Exim,
}
