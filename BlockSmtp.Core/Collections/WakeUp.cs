using System.Threading.Channels;

namespace BlockSmtp.Collections;

/// <summary>Wakes the one who waits; set many times before he looks, it wakes him once. Holds nothing that must be put away.</summary>
internal sealed class WakeUp
{
    private readonly Channel<byte> _set =
        Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _set.Writer.TryWrite(0);

    public async Task WaitAsync(CancellationToken cancellationToken) =>
        await _set.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
}
