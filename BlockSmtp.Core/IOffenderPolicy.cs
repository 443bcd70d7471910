using System.Net;

namespace BlockSmtp;

/// <summary>Decides which offenses are too many.</summary>
/// <remarks>
/// What a member throws is logged by an engine with what it was asked of, counted, and taken for <see cref="Verdict.None"/>; it ends a
/// <see cref="LogReplay"/>, which throws it. The engine waits for a policy: to ask it for a block from here is an
/// <see cref="InvalidOperationException"/>, and what is reported from here is taken right after.
/// </remarks>
public interface IOffenderPolicy
{
    /// <summary>Judges one more offense of a host that is not blocked. Called in the order of the log, never concurrently.</summary>
    /// <param name="offense">The offense.</param>
    /// <returns><see cref="Verdict.None"/>, or a block with its length and the reason in words.</returns>
    Verdict Judge(in Offense offense);

    /// <summary>
    /// Whether <see cref="Accept"/> and <see cref="End"/> are to be called; asked once, when the engine or the replay is made. Where nobody
    /// wants acceptances, the lines that tell of them cost nothing.
    /// </summary>
    bool WantsAcceptances => false;

    /// <summary>Is told of mail that was taken from a host, blocked or not. Called in turn, as <see cref="Judge"/> is.</summary>
    /// <param name="acceptance">The acceptance.</param>
    void Accept(in Acceptance acceptance)
    {
    }

    /// <summary>
    /// Judges a host once more, when a transaction is over in which it has made offenses: what was not known before may make them more or
    /// less grave. A host that is not blocked may be blocked now; one that this policy has blocked may be released.
    /// </summary>
    /// <param name="end">What is known now.</param>
    /// <returns>As of <see cref="Judge"/>.</returns>
    Verdict End(in TransactionEnd end) => Verdict.None;

    /// <summary>
    /// Is told of the mail server's own addresses, before the first offense and whenever they have changed. They are never blocked, nor is
    /// a network as a whole that has one of them in it. Called in turn, as <see cref="Judge"/> is.
    /// </summary>
    /// <param name="addresses">All of them; may be none. IPv4 addresses are plain IPv4.</param>
    void TakeOwn(IReadOnlyCollection<IPAddress> addresses)
    {
    }

    /// <summary>
    /// Is told that somebody has had a network released that this policy, now or in an earlier run, has blocked: what it was blocked for
    /// need not be held against it. Called in turn, as <see cref="Judge"/> is.
    /// </summary>
    /// <param name="network">As it was blocked: a host, or a wider network that a verdict has named.</param>
    /// <param name="time">When.</param>
    void Forgive(IPNetwork network, DateTimeOffset time)
    {
    }

    /// <summary>Whether many hosts guess together, as far as this policy looks for it. Asked after each verdict.</summary>
    /// <returns>An alarm that was not handed out yet; else null.</returns>
    GuessingAlarm? TakeAlarm() => null;
}
