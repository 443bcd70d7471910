using System.Net;
using BlockSmtp;
using CustomFirewall;

// What the engine does with a firewall, by hand. Give it to the constructor of a DetectionEngine, and that does it by itself.
var path = args is [var given] ? given : "blocked.conf";
var firewall = new DenyFileFirewall(path);
var until = DateTimeOffset.UtcNow.AddHours(3);

await firewall.StartAsync([], CancellationToken.None);
await firewall.ApplyAsync(
    [FirewallChange.Block(IPNetwork.Parse("192.0.2.1/32"), until), FirewallChange.Block(IPNetwork.Parse("2001:db8::/64"), until)],
    CancellationToken.None);
Console.Write(File.ReadAllText(path));
await firewall.ApplyAsync([FirewallChange.Release(IPNetwork.Parse("192.0.2.1/32"))], CancellationToken.None);
Console.WriteLine($"after the release: {string.Join(", ", await firewall.ListAsync(CancellationToken.None))}");
await firewall.StopAsync(CancellationToken.None);
