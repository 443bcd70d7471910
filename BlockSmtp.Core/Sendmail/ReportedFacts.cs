using BlockSmtp.Grammars;

namespace BlockSmtp.Sendmail;

/// <summary>
/// Helps those who report facts that a log tells too (<see cref="DetectionEngine.Report(in Offense)"/>) to name recipients and
/// transactions as the log's reader does.
/// </summary>
public static class ReportedFacts
{
    /// <summary>The number of a transaction (<see cref="Offense.Transaction"/>).</summary>
    /// <param name="queueId">The queue id, as the log has it; the macro <c>i</c> of sendmail and Postfix.</param>
    /// <returns>The number; 0 for no queue id.</returns>
    public static ulong TransactionOf(ReadOnlySpan<byte> queueId) => queueId.IsEmpty ? 0 : TransactionKey.NumberOf(QueueId.Of(queueId));

    /// <summary>
    /// The number of a recipient that was accepted, by which different ones are told apart (<see cref="Offense.AcceptedBefore"/>).
    /// </summary>
    /// <param name="recipient">The recipient, as the client wrote it.</param>
    /// <returns>The same for any domain, in small and capital letters and whatever follows a plus sign or a hyphen; 0 for what is no
    /// plain address, of which a client can write as many as it likes for one user.</returns>
    public static ulong AcceptedKeyOf(ReadOnlySpan<byte> recipient) => RecipientName.KeyOfAccepted(recipient);

    /// <summary>An offense with the name that was tried.</summary>
    /// <param name="offense">The offense.</param>
    /// <param name="recipient">The recipient, as the client wrote it; with or without angle brackets and domain.</param>
    /// <returns>The offense with <see cref="Offense.Recipient"/>, <see cref="Offense.RecipientKey"/> and
    /// <see cref="Offense.RecipientOrder"/>.</returns>
    public static Offense WithRecipient(this in Offense offense, ReadOnlySpan<byte> recipient)
    {
        var (key, order) = RecipientName.OfTried(recipient);
        return offense with { Recipient = RecipientText.Show(recipient), RecipientKey = key, RecipientOrder = order };
    }
}
