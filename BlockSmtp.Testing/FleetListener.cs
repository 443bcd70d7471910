using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>Hears a fleet and keeps what it has heard, in order. Disposing it ends that.</summary>
internal sealed class FleetListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<FleetWord> _heard = [];
    private readonly Task _listening;

    public FleetListener(IFleet fleet) => _listening = ListenAsync(fleet);

    public IReadOnlyList<FleetWord> Heard
    {
        get
        {
            lock (_lock)
                return [.. _heard];
        }
    }

    /// <summary>Waits until something was heard.</summary>
    public async Task<IReadOnlyList<FleetWord>> UntilAsync(Func<IReadOnlyList<FleetWord>, bool> isEnough)
    {
        for (var start = Environment.TickCount64; ; await Task.Delay(5))
        {
            var heard = Heard;
            if (isEnough(heard))
                return heard;
            if (_listening.IsFaulted)
                await _listening;
            if (Environment.TickCount64 - start > Patience.TotalMilliseconds)
                Assert.Fail($"was not heard within {Patience.TotalSeconds} s; heard was:\n{string.Join('\n', heard)}");
        }
    }

    /// <summary>Waits until a block or release of a network was heard.</summary>
    public async Task<FleetWord> UntilAsync(FleetWordKind kind, string network)
    {
        var heard = await UntilAsync(words => words.Any(word => IsOf(word, kind, network)));
        return heard.Last(word => IsOf(word, kind, network));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static bool IsOf(FleetWord word, FleetWordKind kind, string network) =>
        word.Kind == kind && word.Network.ToString() == network;

    private async Task ListenAsync(IFleet fleet)
    {
        await Task.Yield();
        await foreach (var words in fleet.ListenAsync(_stop.Token))
        {
            lock (_lock)
                _heard.AddRange(words);
        }
    }
}
