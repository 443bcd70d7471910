namespace BlockSmtp;

/// <summary>The mail servers whose logs are understood.</summary>
public enum Mailer
{
    /// <summary>Whichever has written a line, which its program's name tells, or the form of Exim's main log.</summary>
    Auto,

    /// <summary>sendmail (docs/sendmail.md).</summary>
    Sendmail,

    /// <summary>Postfix (docs/postfix.md).</summary>
    Postfix,

    /// <summary>Exim, by its main log or in syslog (docs/exim.md).</summary>
    Exim,
}
