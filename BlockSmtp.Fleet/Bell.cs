using System.Threading.Channels;

namespace BlockSmtp.Fleet;

/// <summary>Wakes the one who waits; rung many times before he looks, it wakes him once.</summary>
internal sealed class Bell
{
    private readonly Channel<byte> _rung =
        Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Ring() => _rung.Writer.TryWrite(0);

    /// <summary>Waits until it is rung, or for so long.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(longest);
        try
        {
            await _rung.Reader.ReadAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It was long enough.
        }
    }
}
