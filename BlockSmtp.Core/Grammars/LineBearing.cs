namespace BlockSmtp.Grammars;

/// <summary>What a line may matter for, by a quick look that errs on the side of yes.</summary>
[Flags]
internal enum LineBearing
{
    /// <summary>It does not matter, unless a transaction of its process waits for it.</summary>
    None = 0,

    /// <summary>It matters by itself: a refusal perhaps, or a new connection.</summary>
    Alone = 1,

    /// <summary>It may tell of mail that was taken.</summary>
    Acceptance = 2,

    /// <summary>It may tell of a VRFY or EXPN.</summary>
    Probe = 4,
}
