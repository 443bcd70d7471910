namespace BlockSmtp.Milter;

/// <summary>What a mail server is to ask of. What is left out costs no round trip, where the mail server is new enough to leave it
/// out.</summary>
/// <remarks>The end of a message is always asked of; headers and bodies never.</remarks>
[Flags]
public enum MilterSteps
{
    /// <summary>Nothing but the ends of messages.</summary>
    None = 0,

    /// <summary><see cref="IMilter.ConnectAsync"/>; without it the client is not known.</summary>
    Connect = 1,

    /// <summary><see cref="IMilter.HeloAsync"/>.</summary>
    Helo = 2,

    /// <summary><see cref="IMilter.MailAsync"/>.</summary>
    Mail = 4,

    /// <summary><see cref="IMilter.RecipientAsync"/> for recipients that the mail server would take.</summary>
    Recipients = 8,

    /// <summary><see cref="IMilter.RecipientAsync"/> also for some that the mail server has refused, as far as it shows them
    /// (docs/milter.md).</summary>
    RejectedRecipients = 16,

    /// <summary><see cref="IMilter.UnknownAsync"/>.</summary>
    Unknown = 32,

    /// <summary>All of it.</summary>
    All = Connect | Helo | Mail | Recipients | RejectedRecipients | Unknown,
}
