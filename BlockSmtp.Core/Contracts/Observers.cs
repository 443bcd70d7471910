using System.Net;

namespace BlockSmtp;

/// <summary>Several observers as one. What one of them throws is the engine's to log; the others are told all the same.</summary>
public sealed class Observers : IEngineObserver
{
    private readonly IEngineObserver[] _all;

    private Observers(IEngineObserver[] all) => _all = all;

    /// <summary>Makes one of several.</summary>
    /// <param name="observers">The observers, in the order in which they are told; those that are null are left out.</param>
    /// <returns>Null for none, the one itself for a single one, else one that tells them all.</returns>
    public static IEngineObserver? Of(params IEnumerable<IEngineObserver?> observers) =>
        observers.OfType<IEngineObserver>().ToArray() switch
        {
            [] => null,
            [var one] => one,
            var all => new Observers(all),
        };

    /// <inheritdoc/>
    public bool WantsOffenses => _all.Any(observer => observer.WantsOffenses);

    /// <inheritdoc/>
    public void OnOffense(in Offense offense)
    {
        var copy = offense;
        Tell(observer =>
        {
            if (observer.WantsOffenses)
                observer.OnOffense(copy);
        });
    }

    /// <inheritdoc/>
    public void OnBlocked(Block block) => Tell(observer => observer.OnBlocked(block));

    /// <inheritdoc/>
    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason) =>
        Tell(observer => observer.OnReleased(block, time, reason));

    /// <inheritdoc/>
    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason) =>
        Tell(observer => observer.OnIgnored(peer, time, offenses, reason));

    /// <inheritdoc/>
    public void OnAlarm(GuessingAlarm alarm) => Tell(observer => observer.OnAlarm(alarm));

    /// <inheritdoc/>
    public void OnSessionEnded(EndedSession session) => Tell(observer => observer.OnSessionEnded(session));

    private void Tell(Action<IEngineObserver> call)
    {
        List<Exception>? failures = null;
        foreach (var observer in _all)
        {
            try
            {
                call(observer);
            }
            catch (Exception e)
            {
                (failures ??= []).Add(e);
            }
        }

        if (failures is not null)
            throw new AggregateException(failures);
    }
}
