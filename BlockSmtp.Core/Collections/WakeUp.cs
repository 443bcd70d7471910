using System.Threading.Channels;

namespace BlockSmtp.Collections;

/// <summary>Wakes the one who waits; set many times before he looks, it wakes him once. Holds nothing that must be put away.</summary>
/// <remarks>Compiled into BlockSmtp.Fleet too, which depends on what is public only.</remarks>
internal sealed class WakeUp
{
    private readonly Channel<byte> _set =
        Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _set.Writer.TryWrite(0);

    public async Task WaitAsync(CancellationToken cancellationToken) =>
        await _set.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until it is set, or for so long.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(longest);
        try
        {
            await WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It was long enough.
        }
    }
}
