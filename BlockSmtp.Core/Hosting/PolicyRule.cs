using BlockSmtp.Policies;

namespace BlockSmtp.Hosting;

/// <summary>By which rule an engine of a host judges where no policy is registered.</summary>
public enum PolicyRule
{
    /// <summary>Different wrong names against the recipients that a host has delivered mail to: <see cref="BalancePolicy"/>.</summary>
    Balance,

    /// <summary>Wrong guesses alone: <see cref="CountPolicy"/>.</summary>
    Count,
}
