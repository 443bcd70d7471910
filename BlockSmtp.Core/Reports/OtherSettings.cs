using BlockSmtp.Policies;

namespace BlockSmtp.Reports;

/// <summary>The settings that a report holds against the ones that are set.</summary>
internal static class OtherSettings
{
    /// <summary>The same but for the limit.</summary>
    public static CountPolicyOptions WithLimit(CountPolicyOptions policy, int limit) =>
        new() { MaxOffenses = limit, Window = policy.Window, BlockTime = policy.BlockTime, MaxHosts = policy.MaxHosts };

    /// <summary>From strict to lenient: what an administrator would think of, those that are set left out.</summary>
    public static IEnumerable<CountPolicyOptions> Beside(CountPolicyOptions policy)
    {
        (int Limit, double WindowHours, double BlockHours)[] usual =
        [
            (1, 24, 24), (2, 24, 3), (3, 24, 24), (3, 24, 3), (3, 1, 3), (3, 1, 1), (5, 24, 3), (5, 1.0 / 6, 1.0 / 6), (10, 24, 3),
            (20, 24, 3),
        ];
        return usual
            .Select(other => new CountPolicyOptions
            {
                MaxOffenses = other.Limit,
                Window = TimeSpan.FromHours(other.WindowHours),
                BlockTime = TimeSpan.FromHours(other.BlockHours),
                MaxHosts = policy.MaxHosts,
            })
            .Where(other =>
                other.MaxOffenses != policy.MaxOffenses || other.Window != policy.Window || other.BlockTime != policy.BlockTime);
    }
}
