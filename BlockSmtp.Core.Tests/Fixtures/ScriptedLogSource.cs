using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>A log that a test writes while it is followed.</summary>
internal sealed class ScriptedLogSource : ILogSource
{
    private readonly Channel<(byte[] Lines, TaskCompletionSource Read)> _chunks = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>();

    /// <summary>Writes to the log, and waits until the engine has dealt with it.</summary>
    public async Task WriteAsync(LogText text)
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _chunks.Writer.TryWrite((Encoding.ASCII.GetBytes(text.ToString()), read));
        await read.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void End() => _chunks.Writer.Complete();

    public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await Next(cancellationToken) is { } chunk)
        {
            yield return new LogChunk(chunk.Lines);
            chunk.Read.SetResult();
        }
    }

    private async Task<(byte[] Lines, TaskCompletionSource Read)?> Next(CancellationToken cancellationToken)
    {
        try
        {
            return await _chunks.Reader.ReadAsync(cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            return null;
        }
    }
}
