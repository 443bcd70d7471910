using System.Net;

namespace BlockSmtp.Scoring;

/// <summary>What a host has asked a mail server for, and got, had nobody blocked anybody.</summary>
/// <param name="Peer">The host.</param>
/// <param name="Start">When it began, UTC.</param>
/// <param name="End">When it ended, UTC.</param>
/// <param name="IsTaken">Whether a message was taken for the right ones of its recipients.</param>
/// <param name="Recipients">The recipients that it named, in turn.</param>
internal sealed record ScoredTransaction(IPAddress Peer, DateTimeOffset Start, DateTimeOffset End, bool IsTaken,
    IReadOnlyList<ScoredRecipient> Recipients)
{
    /// <summary>The members with their values, in no culture.</summary>
    public override string ToString() => RecordText.Show(nameof(ScoredTransaction), PrintMembers);
}
