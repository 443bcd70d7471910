using BlockSmtp.Policies;

namespace BlockSmtp.Cli.Options;

/// <summary>By which rule it is judged, and by which limits.</summary>
/// <param name="IsBalance">Wrong names against deliveries; else wrong guesses alone.</param>
/// <param name="Count">The limits of the count, which are the balance's too.</param>
internal sealed record PolicyChoice(bool IsBalance, CountPolicyOptions Count)
{
    private BalancePolicyOptions Balance => new() { MaxOffenses = Count.MaxOffenses, Window = Count.Window, BlockTime = Count.BlockTime };

    /// <summary>A policy that judges so.</summary>
    public IOffenderPolicy Make() => IsBalance ? new BalancePolicy(Balance) : new CountPolicy(Count);

    /// <summary>Has a policy that was made by an earlier choice of the same rule judge by these limits.</summary>
    public void Update(IOffenderPolicy policy)
    {
        (policy as BalancePolicy)?.Update(Balance);
        (policy as CountPolicy)?.Update(Count);
    }
}
