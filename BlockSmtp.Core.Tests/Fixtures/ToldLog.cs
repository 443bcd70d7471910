namespace BlockSmtp.Tests.Fixtures;

/// <summary>What an engine that runs makes of a log, where each process has the same answer.</summary>
internal static class ToldLog
{
    /// <summary>Has a log read, and VRFY and EXPN counted.</summary>
    /// <param name="log">The log.</param>
    /// <param name="answer">What is answered to who asks a process for its client.</param>
    public static async Task<NotingPolicy> ReadAsync(LogText log, PeerLookupResult answer)
    {
        var policy = new NotingPolicy();
        await using var engine = new RunningEngine(
            options => (options.PeerLookup, options.CountProbes) = (new Answer(answer), true), policy: policy);
        await engine.Log.WriteAsync(log);
        return policy;
    }

    private sealed class Answer(PeerLookupResult answer) : IPeerLookup
    {
        public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore) => answer;
    }
}
