namespace BlockSmtp.Judging;

/// <summary>What came of a block that another host of the fleet has made.</summary>
internal enum ElsewhereAnswer
{
    Blocked,

    /// <summary>It is blocked for as long already.</summary>
    Kept,

    Trusted,

    TooMany,
}
