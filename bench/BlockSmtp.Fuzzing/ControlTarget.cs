using BlockSmtp.Control;
using BlockSmtp.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Fuzzing;

/// <summary>A request to the control socket: whatever it is, there is an answer, and not that of a defect.</summary>
internal sealed class ControlTarget : ITarget
{
    public void Read(ReadOnlySpan<byte> input)
    {
        var store = new MemoryBlockStore();
        var engine = new DetectionEngine(
            new NoLog(), new BlockSmtp.Policies.CountPolicy(), new NoFirewall(), options: new DetectionEngineOptions { Store = store });
        var answers = new ControlAnswers(engine, new ControlServerOptions { History = store }, NullLogger.Instance);
        var reply = answers.AnswerAsync(input.ToArray(), new SocketPeer(0, 0), CancellationToken.None).GetAwaiter().GetResult();
        if (reply.Error is { Code: ControlErrorCode.Failed } error && error.Message.Contains("Exception:", StringComparison.Ordinal))
            throw new Difference(error.Message);
    }

    private sealed class NoLog : ILogSource
    {
        public async IAsyncEnumerable<LogChunk> ReadAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }
    }

    private sealed class NoFirewall : IFirewall
    {
        public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken) => default;

        public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken) => default;

        public ValueTask<IReadOnlyCollection<System.Net.IPNetwork>> ListAsync(CancellationToken cancellationToken) =>
            new((IReadOnlyCollection<System.Net.IPNetwork>)[]);

        public ValueTask StopAsync(CancellationToken cancellationToken) => default;
    }
}
