namespace BlockSmtp.Milter;

/// <summary>How the mail server itself answers a recipient that it shows.</summary>
internal readonly struct Refusal
{
    private Refusal(bool isOne, bool isUnknownName) => (IsOne, IsUnknownName) = (isOne, isUnknownName);

    /// <summary>Whether it refuses it.</summary>
    public bool IsOne { get; }

    /// <summary>
    /// Whether it does so because there is no such name. Other refusals, such as of relaying, say nothing about who exists.
    /// </summary>
    public bool IsUnknownName { get; }

    /// <summary>
    /// Of the recipient that is asked about. A refused one has the mailer <c>error</c>, and its status for a host. Postfix shows a good one
    /// of a virtual alias domain with that mailer too, but with <c>5.1.1 User unknown in virtual alias table</c> for a host.
    /// </summary>
    public static Refusal Of(MilterSession session)
    {
        if (!session.Macro("{rcpt_mailer}"u8).SequenceEqual("error"u8))
            return default;
        var host = session.Macro("{rcpt_host}"u8);
        return new Refusal(host.IndexOf((byte)' ') < 0, host.SequenceEqual("5.1.1"u8));
    }
}
