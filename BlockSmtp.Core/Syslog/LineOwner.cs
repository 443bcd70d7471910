namespace BlockSmtp.Syslog;

/// <summary>Who has logged a line, as far as a quick look tells.</summary>
internal enum LineOwner
{
    /// <summary>It cannot be told so quickly.</summary>
    Unclear,

    /// <summary>Another program than the mail server.</summary>
    Other,

    /// <summary>The mail server.</summary>
    Mailer,

    /// <summary>The mail server, or a program of it; the line tells nothing that is wanted.</summary>
    IdleMailer,
}
