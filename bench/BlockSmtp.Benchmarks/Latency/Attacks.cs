using System.Net;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>A way to guess names.</summary>
/// <param name="Name">What to call it in a table.</param>
/// <param name="Budget">How many answers it may get from the gate.</param>
/// <param name="Run">Guesses from an address of a network namespace, and tells how many answers it got.</param>
/// <param name="IsLogLate">Whether the log tells late meanwhile, as the journal does.</param>
internal sealed record Attack(string Name, int Budget, Func<string, IPAddress, int> Run, bool IsLogLate = false)
{
    private const int Held = int.MaxValue;

    /// <summary>All that the gate has to stop at the fourth, or, from many sessions at once, at the fifth.</summary>
    public static Attack[] All { get; } =
    [
        new(
            "one session, held, 50 ms apart",
            4,
            static (place, host) => new Guesser(place, host).Guess(40, TimeSpan.FromMilliseconds(50), Held)),
        new("one session, no gap", 4, static (place, host) => new Guesser(place, host).Guess(100, TimeSpan.Zero, Held)),
        new("100 sent at once", 4, static (place, host) => new Guesser(place, host).GuessAtOnce(100)),
        new("two, STARTTLS, then no gap", 4, static (place, host) => new Guesser(place, host).GuessBehindTls(2, 100)),
        new("one guess a session", 4, static (place, host) => new Guesser(place, host).Guess(40, TimeSpan.Zero, 1)),
        new(
            "one session, no gap, the log a quarter of a second late",
            4,
            static (place, host) => new Guesser(place, host).Guess(100, TimeSpan.Zero, Held),
            IsLogLate: true),
        new("20 sessions at once", 5, static (place, host) => Guesser.GuessTogether(place, host, 20, 3)),
        new("60 sessions at once", 5, static (place, host) => Guesser.GuessTogether(place, host, 60, 3)),
    ];
}
