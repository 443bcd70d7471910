namespace BlockSmtp;

/// <summary>What a host has done to be blocked, in short.</summary>
/// <param name="Offenses">How many offenses were counted.</param>
/// <param name="First">When the first happened, UTC; of more than <see cref="MaxRecipients"/>, the first of the last so many.</param>
/// <param name="Last">When the last happened, UTC.</param>
/// <param name="Recipients">
/// A few of the names tried, oldest first, as <see cref="Offense.Recipient"/> has them: text of the client, made printable.
/// </param>
/// <param name="Source">What told which host it was, of the last offense.</param>
public sealed record Evidence(int Offenses, DateTimeOffset First, DateTimeOffset Last, IReadOnlyList<string> Recipients, PeerSource Source)
{
    /// <summary>The most names that are kept for one host.</summary>
    public const int MaxRecipients = 10;

    /// <summary>Which mail server has logged the last of them; <see cref="BlockSmtp.Mailer.Auto"/> where that is not known.</summary>
    public Mailer Mailer { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(Evidence), PrintMembers);
}
