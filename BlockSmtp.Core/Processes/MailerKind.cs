namespace BlockSmtp.Processes;

/// <summary>Which mail server a process is of, and so what may be done to it.</summary>
internal enum MailerKind
{
    /// <summary>A sendmail: it serves one client and may be ended.</summary>
    Sendmail,

    /// <summary>An Exim: it serves one client and may be ended, but never by force, as it may have a message in its hands.</summary>
    Exim,

    /// <summary>
    /// A smtpd of Postfix: it serves many clients one after the other and is never ended. Only the connection of a client is.
    /// </summary>
    Smtpd,
}
