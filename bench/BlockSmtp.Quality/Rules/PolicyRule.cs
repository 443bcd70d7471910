using BlockSmtp.Logs;
using BlockSmtp.Quality.Simulation;
using BlockSmtp.Scoring;

namespace BlockSmtp.Quality.Rules;

/// <summary>A policy, played through the engine as <c>blocksmtp replay</c> does it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Make">Makes one that has seen nothing yet.</param>
internal sealed record PolicyRule(string Name, Func<SimulatedLog, IOffenderPolicy> Make) : Rule(Name)
{
    /// <summary>Whether VRFY and EXPN count.</summary>
    public bool CountsProbes { get; init; }

    public override Played Play(SimulatedLog log, string file)
    {
        var spans = new BlockSpans();
        IOffenderPolicy[] policy = [null!];
        Replay(policy, log, file, spans);
        var with = GC.GetTotalMemory(forceFullCollection: true);
        policy[0] = null!;
        var without = GC.GetTotalMemory(forceFullCollection: true);
        return new Played(Scorer.Compare(log.Truth, log.Transactions, spans.All), (with - without) / (double)log.HostsToRemember);
    }

    // A method of its own, so that nothing of the replay is left, and nobody but the array has the policy, when memory is measured.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private void Replay(IOffenderPolicy[] policy, SimulatedLog log, string file, BlockSpans spans)
    {
        var options =
            new ReplayOptions
            {
                TimeZone = TimeZoneInfo.Utc,
                FirstYear = 2026,
                WhiteList = log.Trusted,
                CountProbes = CountsProbes,
                Observer = spans
            };
        policy[0] = Make(log);
        new LogReplay(new ReplayLogSource([file]), policy[0], options).RunAsync().GetAwaiter().GetResult();
    }
}
