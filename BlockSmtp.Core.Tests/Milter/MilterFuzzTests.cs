using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using BlockSmtp.Milter;
using BlockSmtp.Milter.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using static BlockSmtp.Tests.Milter.MilterClient;

namespace BlockSmtp.Tests.Milter;

/// <summary>Whatever a mail server sends, the milter answers or hangs up, and closes each session that it has opened once.</summary>
public sealed class MilterFuzzTests
{
    private const string Commands = "ABCDEHKLMNOQRTU";

    [TestCase(1, 500_000)]
    [TestCase(2, 500_000)]
    public async Task No_packet_brings_it_down(int seed, int packets)
    {
        var random = new Random(seed);
        for (var sent = 0; sent < packets;)
        {
            var (opened, closed) = (0, new ConcurrentQueue<string>());
            var (input, output) = (new Pipe(), new Pipe(new PipeOptions(pauseWriterThreshold: 0)));
            var connection = new MilterConnection(
                input.Reader,
                output.Writer,
                () =>
                {
                    opened++;
                    return new RecordingMilter(closed);
                },
                new MilterServerOptions { MaxPacket = 4_096 },
                new SharedMemory(long.MaxValue),
                NullLogger.Instance);
            var running = connection.RunAsync(CancellationToken.None);
            if (random.Next(20) > 0)
                await input.Writer.WriteAsync(Offer((uint)random.Next(2, 8), (uint)random.Next(), (uint)random.Next()));
            for (var count = random.Next(1, 60); count > 0 && !running.IsCompleted; count--, sent++)
                await input.Writer.WriteAsync(Any(random));
            await input.Writer.CompleteAsync();

            await running.WaitAsync(TimeSpan.FromSeconds(20));

            closed.Count(what => what == "close").Should().Be(opened);
        }
    }

    private static byte[] Any(Random random)
    {
        var packet = random.Next(6) switch
        {
            0 => Packet(Commands[random.Next(Commands.Length)], Bytes(random, 40)),
            1 => Macros(Commands[random.Next(Commands.Length)], "i", "6ANHntrU020703", "{rcpt_mailer}", "error"),
            2 => Connect(random.Next(2) == 0 ? "203.0.113.7" : "2001:db8::1"),
            3 => Packet('M', "<a@b.example>\0"),
            _ => Packet('R', $"<name{random.Next(100)}@example.org>\0"),
        };
        switch (random.Next(40))
        {
            case 0:
                packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                BinaryPrimitives.WriteInt32BigEndian(packet, random.Next(-2, 5_000));
                break;
            case 2:
                packet = packet[..random.Next(packet.Length)];
                break;
        }

        return packet;
    }

    private static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }
}
