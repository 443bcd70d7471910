using System.Net;
using BlockSmtp;
using BlockSmtp.Firewalls;
using OwnMailServer;

// Blocks nobody: a dry run. The lines come from standard input.
using var stop = new CancellationTokenSource();
var options = new DetectionEngineOptions { Observer = new Talker(), WhiteList = new WhiteList([IPNetwork.Parse("10.0.0.0/8")]) };
var engine = new DetectionEngine(new NoLog(), new RatioPolicy(atLeast: 4, percent: 50), new DryRunFirewall(), options: options);
var running = engine.RunAsync(stop.Token);
await engine.HeartbeatAsync();
while (Console.In.ReadLine() is { } line)
    Events.Report(engine, line);

await stop.CancelAsync();
await running;

internal sealed class Talker : IEngineObserver
{
    public void OnBlocked(Block block) => Console.WriteLine($"would block {block.Network.BaseAddress}: {block.Reason}");

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason) =>
        Console.WriteLine($"would not block {peer}: {reason}");
}
