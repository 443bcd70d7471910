using System.IO.Pipelines;
using BlockSmtp.Milter;
using BlockSmtp.Milter.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Fuzzing;

/// <summary>What a mail server sends to a milter: it is answered or hung up on, and a session that was opened is closed once.</summary>
internal sealed class MilterTarget : ITarget
{
    public void Read(ReadOnlySpan<byte> input) => ReadAsync(input.ToArray()).GetAwaiter().GetResult();

    private static async Task ReadAsync(byte[] bytes)
    {
        var milter = new Counting();
        var opened = 0;
        var (input, output) = (new Pipe(), new Pipe(new PipeOptions(pauseWriterThreshold: 0)));
        var connection = new MilterConnection(
            input.Reader,
            output.Writer,
            () =>
            {
                opened++;
                return milter;
            },
            new MilterServerOptions { MaxPacket = 4_096 },
            new SharedMemory(long.MaxValue),
            NullLogger.Instance);
        var running = connection.RunAsync(CancellationToken.None);
        await input.Writer.WriteAsync(bytes);
        await input.Writer.CompleteAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(20));
        if (milter.Closed != opened)
            throw new Difference($"{opened} sessions were opened and {milter.Closed} closed");
    }

    private sealed class Counting : IMilter
    {
        public int Closed { get; private set; }

        public ValueTask CloseAsync(MilterSession session)
        {
            Closed++;
            return default;
        }
    }
}
