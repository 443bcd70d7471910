using BlockSmtp.Policies;

namespace BlockSmtp.Cli.Options;

/// <summary>By which rule it is judged, and by which limits.</summary>
/// <param name="IsBalance">Wrong names against deliveries; else wrong guesses alone.</param>
/// <param name="Count">The limits of the count, which are the balance's too.</param>
/// <param name="Balance">All limits of the balance.</param>
internal sealed record PolicyChoice(bool IsBalance, CountPolicyOptions Count, BalancePolicyOptions Balance)
{
    /// <summary>The same but for the rule and the limit.</summary>
    public PolicyChoice With(bool isBalance, int limit) => new(
        isBalance,
        new CountPolicyOptions { MaxOffenses = limit, Window = Count.Window, BlockTime = Count.BlockTime },
        new BalancePolicyOptions
        {
            MaxOffenses = limit,
            Window = Balance.Window,
            BlockTime = Balance.BlockTime,
            BlockTimeFactor = Balance.BlockTimeFactor,
            LongestBlockTime = Balance.LongestBlockTime,
            IPv6Prefix = Balance.IPv6Prefix,
            Distributed = Balance.Distributed,
            HoneyNames = Balance.HoneyNames,
        });

    /// <summary>A policy that judges so.</summary>
    public IOffenderPolicy Make() => IsBalance ? new BalancePolicy(Balance) : new CountPolicy(Count);

    /// <summary>Has a policy that was made by an earlier choice of the same rule judge by these limits.</summary>
    public void Update(IOffenderPolicy policy)
    {
        (policy as BalancePolicy)?.Update(Balance);
        (policy as CountPolicy)?.Update(Count);
    }
}
