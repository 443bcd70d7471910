using BlockSmtp.Policies;

namespace BlockSmtp.Reports;

/// <summary>What the same log would have come to with some settings.</summary>
/// <param name="Policy">The settings.</param>
/// <param name="Blocked">How many different hosts would have been blocked.</param>
/// <param name="BlockedSenders">How many of those had mail accepted and delivered in the same log: real senders,
/// perhaps with stale addresses.</param>
/// <param name="Answered">How many guesses hosts would have had answered, those of trusted hosts excepted.</param>
/// <param name="KeptOut">How many guesses would not have been answered, because their host was blocked.</param>
public sealed record ReportOutcome(CountPolicyOptions Policy, int Blocked, int BlockedSenders, long Answered, long KeptOut)
{
    /// <summary>Whether the rule was <see cref="BalancePolicy"/> with these limits, and not <see cref="CountPolicy"/>.</summary>
    public bool IsBalance { get; init; }
}
