namespace BlockSmtp;

/// <summary>Whose mail a transaction brought, as far as that is known.</summary>
public enum SenderKind
{
    /// <summary>Not known yet: sendmail logs the sender when the transaction is over.</summary>
    Unknown,

    /// <summary><c>MAIL FROM:&lt;&gt;</c>: a bounce, or somebody who asks whether an address exists (a callout).</summary>
    Null,

    /// <summary>An address.</summary>
    Named,
}
