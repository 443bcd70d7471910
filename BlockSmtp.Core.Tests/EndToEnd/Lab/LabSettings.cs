namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// Which mail server a lab has, and how its sendmail is configured: what is not set is as in Debian's sendmail.mc. Postfix and Exim are
/// as they are without settings, but that Postfix may have a milter, Exim a server that it asks, and both TLS.
/// </summary>
internal sealed record LabSettings
{
    public Mailer Mailer { get; init; } = Mailer.Sendmail;

    public int LogLevel { get; init; } = 9;

    /// <summary>
    /// BadRcptThrottle: after so many unknown recipients sendmail sleeps a second for each. 0 is off, sendmail's own default.
    /// </summary>
    public int Throttle { get; init; } = 3;

    /// <summary>Timeout.command, in sendmail's notation.</summary>
    public string CommandTimeout { get; init; } = "5m";

    /// <summary>MaxDaemonChildren; 0 is no limit.</summary>
    public int MaxChildren { get; init; }

    /// <summary>One listener on [::] for both families in place of one for each.</summary>
    public bool DualStack { get; init; }

    /// <summary>Milliseconds before the greeting.</summary>
    public int GreetPause { get; init; }

    /// <summary>Timeout.ident, in sendmail's notation: how long a client is asked who it is; nothing where it is 0s.</summary>
    public string Ident { get; init; } = "0s";

    /// <summary>The milter that is asked, in sendmail's notation; empty for none.</summary>
    public string Milter { get; init; } = "";

    /// <summary>
    /// Whether sendmail takes only senders whose domain is there, which in the lab none is but its own, and Postfix none of its own domain
    /// that is no user.
    /// </summary>
    public bool KnownSenders { get; init; }

    /// <summary>Whether Postfix refuses who is no user by an access map, with words of the site's.</summary>
    public bool WordsOfSite { get; init; }

    /// <summary>Whether Postfix or Exim asks the <see cref="PolicyServer"/> of the lab for each recipient.</summary>
    public bool Policy { get; init; }

    /// <summary>Whether Exim asks the <see cref="AskedServer"/> of the lab for each recipient of relay.example.</summary>
    public bool Callout { get; init; }

    /// <summary>Whether there is TLS, with a certificate of the lab's own; Postfix and Exim have the ports 465 and 587 then, too.</summary>
    public bool Tls { get; init; }

    /// <summary>The settings as eng/sendmail-lab takes them.</summary>
    public string[] Arguments =>
    [
        $"loglevel={LogLevel}", $"throttle={Throttle}", $"command={CommandTimeout}", $"children={MaxChildren}",
        $"dual={(DualStack ? 1 : 0)}", $"greetpause={GreetPause}", $"ident={Ident}", $"milter={Milter}", $"tls={(Tls ? 1 : 0)}",
        $"mailer={Mailer.ToString().ToLowerInvariant()}",
        $"senders={(KnownSenders ? "known" : "any")}", $"words={(WordsOfSite ? 1 : 0)}",
        $"policy={(Policy ? 1 : 0)}",
        $"callout={(Callout ? 1 : 0)}",
    ];

    public override string ToString() =>
        $"LogLevel {LogLevel}, throttle {(Throttle == 0 ? "off" : "on")}, "
        + $"{(DualStack ? "one dual-stack listener" : "a listener for each family")}";
}
