namespace BlockSmtp;

/// <summary>What a wrong guess was made with.</summary>
public enum OffenseKind
{
    /// <summary>An <c>RCPT TO</c> that sendmail answered with <c>User unknown</c>.</summary>
    UnknownRecipient,

    /// <summary>A <c>VRFY</c> or <c>EXPN</c>. sendmail logs known and unknown names alike (docs/sendmail.md), so each one counts.</summary>
    Probe,

    /// <summary>
    /// No guess, but hundreds of transactions without a message within a minute (<see cref="DetectionOptions.MaxEmptyTransactions"/>),
    /// which fill the log: told once for all of them. Only who wants acceptances is told.
    /// </summary>
    EmptyTransactions,
}
