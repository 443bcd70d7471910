namespace BlockSmtp;

/// <summary>Decides which offenses are too many.</summary>
public interface IOffenderPolicy
{
    /// <summary>Judges one more offense of a host that is not blocked. Called in the order of the log, never concurrently.</summary>
    /// <param name="offense">The offense.</param>
    /// <returns><see cref="Verdict.None"/>, or a block with its length and the reason in words.</returns>
    Verdict Judge(in Offense offense);
}
