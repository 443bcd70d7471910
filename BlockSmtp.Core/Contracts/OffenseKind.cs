namespace BlockSmtp;

/// <summary>What a wrong guess was made with.</summary>
public enum OffenseKind
{
    /// <summary>An <c>RCPT TO</c> that sendmail answered with <c>User unknown</c>.</summary>
    UnknownRecipient,

    /// <summary>A <c>VRFY</c> or <c>EXPN</c>. sendmail logs known and unknown names alike (docs/sendmail.md), so each one counts.</summary>
    Probe,
}
