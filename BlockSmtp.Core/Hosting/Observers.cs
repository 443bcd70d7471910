using System.Net;

namespace BlockSmtp.Hosting;

/// <summary>Several observers as one. What one of them throws is the engine's to log; the others are told all the same.</summary>
internal sealed class Observers : IEngineObserver
{
    private readonly IEngineObserver[] _all;

    private Observers(IEngineObserver[] all) => _all = all;

    public static IEngineObserver? Of(IEnumerable<IEngineObserver> observers) => observers.ToArray() switch
    {
        [] => null,
        [var one] => one,
        var all => new Observers(all),
    };

    public bool WantsOffenses => _all.Any(observer => observer.WantsOffenses);

    public void OnOffense(in Offense offense)
    {
        var copy = offense;
        Tell(observer =>
        {
            if (observer.WantsOffenses)
                observer.OnOffense(copy);
        });
    }

    public void OnBlocked(Block block) => Tell(observer => observer.OnBlocked(block));

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason) => Tell(observer => observer.OnReleased(block, time, reason));

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason) => Tell(observer => observer.OnIgnored(peer, time, offenses, reason));

    public void OnAlarm(GuessingAlarm alarm) => Tell(observer => observer.OnAlarm(alarm));

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
