using System.Text;

namespace BlockSmtp.Tests.Logs;

/// <summary>Enumerates a source on the calling thread, which the source may block.</summary>
internal static class Chunks
{
    public static IEnumerable<LogChunk> Of(ILogSource source, CancellationToken cancellationToken = default)
    {
        var enumerator = source.ReadAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (Completed(enumerator.MoveNextAsync()))
                yield return enumerator.Current;
        }
        finally
        {
            enumerator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>The lines of a chunk, without their line feeds. Latin-1, so that every byte can be told from every other.</summary>
    public static IEnumerable<string> Lines(LogChunk chunk)
    {
        string text = Encoding.Latin1.GetString(chunk.Lines.Span);
        if (text.Length == 0)
            return [];
        return (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }

    private static bool Completed(ValueTask<bool> step)
    {
        step.IsCompleted.Should().BeTrue("a source of this library does all its work on the thread that asks");
        return step.Result;
    }
}
