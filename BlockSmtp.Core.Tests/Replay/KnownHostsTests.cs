using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Replay;

namespace BlockSmtp.Tests.Replay;

public sealed class KnownHostsTests
{
    [Test]
    public void Each_host_and_network_is_found_again_and_no_other()
    {
        var hosts = new KnownHosts();
        var keys = Keys().Distinct().ToArray();
        HostKey[] some = [.. keys.Where((_, i) => i % 3 != 0)];

        foreach (var key in some)
            hosts.Add(new ReplayHost(key.ToAddress(), key, DateTimeOffset.UnixEpoch));

        hosts.All.Select(host => host.Key).Should().Equal(some);
        keys.Where(key => hosts.Find(key) is { } host && host.Key.Equals(key)).Should().Equal(some);
        keys.Except(some).Where(key => hosts.Find(key) is not null).Should().BeEmpty();
    }

    [Test]
    public void An_address_of_IPv6_is_none_of_IPv4()
    {
        var ipv4 = HostKey.Of(IPAddress.Parse("192.0.2.1"));

        for (var i = 0u; i < 100_000; i++)
            HostKey.OfIPv6(ipv4.High, i).Number.Should().NotBe(ipv4.Number);
    }

    private static IEnumerable<HostKey> Keys()
    {
        for (var i = 0u; i < 3_000; i++)
        {
            var ipv4 = HostKey.OfIPv4(0xC633_6400u + (i * 7));
            yield return ipv4;
            yield return ipv4.Within(24);
            var ipv6 = HostKey.OfIPv6(0x2001_0DB8_0000_0000ul + (i >> 3), i * 11);
            yield return ipv6;
            yield return ipv6.Within(64);
        }
    }
}
