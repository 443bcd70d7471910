using BlockSmtp.Policies;

namespace BlockSmtp.Simulation;

/// <summary>The rule that the simulated engine blocks by: small numbers, so that much happens.</summary>
internal static class Rule
{
    public const int MaxOffenses = 3;
    public const int MaxHosts = 16;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);
    public static readonly TimeSpan BlockTime = TimeSpan.FromMinutes(20);

    public static CountPolicy NewPolicy() =>
        new(new CountPolicyOptions { MaxOffenses = MaxOffenses, Window = Window, BlockTime = BlockTime, MaxHosts = MaxHosts });
}
