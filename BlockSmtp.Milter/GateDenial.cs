namespace BlockSmtp.Milter;

/// <summary>What a <see cref="MailGate"/> does with a host that is blocked.</summary>
public enum GateDenial
{
    /// <summary>It ends the session with a 421, and turns new ones away.</summary>
    Close,

    /// <summary>
    /// It lets the session go on, and every name that exists is answered with the very words of one that does not: who washes a list
    /// learns that nobody is there.
    /// </summary>
    Alike,
}
