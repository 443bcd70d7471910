using System.Net;

namespace BlockSmtp;

/// <summary>
/// Sees every decision of a <see cref="DetectionEngine"/> or <see cref="LogReplay"/>. Implement the members of interest;
/// the others do nothing. Calls come one at a time and in order, right after the lines or the request that led to them, and reading goes on
/// after them, so be quick. A member may ask the engine for anything, and wait for it.
/// </summary>
/// <remarks>
/// What a member throws is logged by an engine and otherwise ignored: an observer cannot stop the blocking. It ends a
/// <see cref="LogReplay"/>, which throws it.
/// </remarks>
public interface IEngineObserver
{
    /// <summary>
    /// Whether <see cref="OnOffense"/> is to be called at all; asked now and then. Offenses are many: a replay that does not know the year
    /// of its log before its end has to keep them until then for an observer that wants them.
    /// </summary>
    bool WantsOffenses => true;

    /// <summary>A host has made a wrong guess, whether it counts against it or not.</summary>
    /// <param name="offense">The offense.</param>
    void OnOffense(in Offense offense)
    {
    }

    /// <summary>A host is blocked from now on. The firewall is told at once, but may need a moment.</summary>
    /// <param name="block">The block.</param>
    void OnBlocked(Block block)
    {
    }

    /// <summary>A block has ended.</summary>
    /// <param name="block">The block.</param>
    /// <param name="time">When, UTC.</param>
    /// <param name="reason">Why.</param>
    void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
    }

    /// <summary>A host would have been blocked, but must not be.</summary>
    /// <param name="peer">The host.</param>
    /// <param name="time">When, UTC.</param>
    /// <param name="offenses">How many offenses led to it.</param>
    /// <param name="reason">Why it is not blocked, in words, such as <c>white-listed by 10.0.0.0/8</c>.</param>
    void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason)
    {
    }

    /// <summary>Many hosts guess together, each with so few names that it is not blocked for them.</summary>
    /// <param name="alarm">What was seen.</param>
    void OnAlarm(GuessingAlarm alarm)
    {
    }

    /// <summary>A session of the mail server was ended.</summary>
    /// <param name="session">The session.</param>
    void OnSessionEnded(EndedSession session)
    {
    }
}
