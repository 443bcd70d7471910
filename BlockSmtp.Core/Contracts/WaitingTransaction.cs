namespace BlockSmtp;

/// <summary>A transaction of the mail server with wrong guesses whose host a later line of the log must tell.</summary>
/// <param name="QueueId">Its queue id.</param>
/// <param name="ProcessId">The process that serves it.</param>
/// <param name="LogHost">The machine it is on, as the log names it.</param>
/// <param name="Offenses">How many wrong guesses wait; zero when none does any more.</param>
/// <param name="First">When the first of them happened, UTC.</param>
/// <param name="Last">When the last happened, UTC.</param>
/// <param name="Recipients">The first few names that were tried.</param>
public sealed record WaitingTransaction(
    string QueueId, int ProcessId, string LogHost, int Offenses, DateTimeOffset First, DateTimeOffset Last,
        IReadOnlyList<string> Recipients)
{
    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(WaitingTransaction), PrintMembers);
}
