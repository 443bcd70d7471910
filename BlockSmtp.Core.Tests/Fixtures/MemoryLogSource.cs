using System.Runtime.CompilerServices;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>A log in memory, handed out whole lines at a time, as many as the cuts say.</summary>
internal sealed class MemoryLogSource(byte[] log, params int[] cuts) : ILogSource
{
    public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var from = 0;
        foreach (var cut in cuts.Append(log.Length).Order())
        {
            var end = cut == log.Length ? cut : Array.LastIndexOf(log, (byte)'\n', cut - 1) + 1;
            if (end <= from)
                continue;
            yield return new LogChunk(log.AsMemory(from, end - from));
            from = end;
        }
    }
}
