using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>What very many blocks cost: to put them in force at the start, and each packet that none of them is for.</summary>
/// <remarks>
/// With none and with all in force in turn, several times, of which the fastest counts: whatever else the machine does, and where it wakes
/// the two sides of a connection, only ever adds.
/// </remarks>
/// <param name="RestoreSeconds">To put all in force at once.</param>
/// <param name="RoundTripMicroseconds">A byte to the mail server and back, with none in force.</param>
/// <param name="RoundTripBlockedMicroseconds">The same with all in force.</param>
internal sealed record ManyBlocks(double RestoreSeconds, double RoundTripMicroseconds, double RoundTripBlockedMicroseconds)
{
    private const int Rounds = 7;
    private const int RoundTrips = 2000;

    public static async Task<ManyBlocks> MeasureAsync(Backend backend, int count)
    {
        var blocks = FirewallCalls.Blocks(0, count);
        var rounds = new (double Restore, double None, double All)[Rounds];
        for (var i = 0; i < Rounds; i++)
            rounds[i] = await MeasureRoundAsync(backend, blocks);
        return new ManyBlocks(
            rounds.Select(round => round.Restore).ToArray().Median(), rounds.Min(round => round.None), rounds.Min(round => round.All));
    }

    private static async Task<(double Restore, double None, double All)> MeasureRoundAsync(
        Backend backend, IReadOnlyCollection<Block> blocks)
    {
        var firewall = backend.Make();
        await firewall.StartAsync([], default);
        try
        {
            var none = await RoundTripAsync();
            var start = Stopwatch.GetTimestamp();
            await firewall.StartAsync(blocks, default);
            var restore = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return (restore, none, await RoundTripAsync());
        }
        finally
        {
            await firewall.StopAsync(default);
        }
    }

    /// <summary>The median, in microseconds, of one byte to port 25 and one back.</summary>
    private static async Task<double> RoundTripAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 25);
        listener.Start();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, 25);
        using var server = await listener.AcceptTcpClientAsync();
        server.NoDelay = true;
        var echo = new Thread(() =>
        {
            var octet = new byte[1];
            while (server.Client.Receive(octet) == 1)
                server.Client.Send(octet);
        });
        echo.Start();
        var (buffer, figures) = (new byte[1], new double[RoundTrips]);
        for (var i = 0; i < figures.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            client.Client.Send(buffer);
            client.Client.Receive(buffer);
            figures[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        client.Client.Shutdown(SocketShutdown.Send);
        echo.Join();
        return figures.Median();
    }
}
