namespace BlockSmtp.Grammars;

/// <summary>What a refusal that counts tells of a callout: another mail server was asked whether it knows the recipient.</summary>
internal enum CalloutAnswer
{
    /// <summary>Nothing: there was none, or a client may have written what stands there.</summary>
    None,

    /// <summary>It has just said that there is no such mailbox.</summary>
    SaysUnknown,

    /// <summary>It has refused the recipient before, but not with which words.</summary>
    Remembered,
}
