namespace BlockSmtp.Grammars;

/// <summary>Which events somebody waits for, beside offenses and what tells who made them.</summary>
[Flags]
internal enum MailEventsWanted
{
    None = 0,

    /// <summary>The end of a transaction.</summary>
    Ends = 1,

    /// <summary>Whose mail a transaction brought and what was taken of it, and deliveries.</summary>
    Acceptances = 2,
}
