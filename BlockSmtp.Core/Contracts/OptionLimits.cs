namespace BlockSmtp;

/// <summary>Limits of options that may be given in more than one way: in code, in a host's configuration, on a command line.</summary>
internal static class OptionLimits
{
    /// <summary>How many offenses a policy may let a host make: of each it remembers the time.</summary>
    public const int MostOffenses = 10_000;

    /// <summary>How many transactions without a message a host may be let make in a minute: no mail server takes so many.</summary>
    public const int MostEmptyTransactions = 1_000_000;
}
