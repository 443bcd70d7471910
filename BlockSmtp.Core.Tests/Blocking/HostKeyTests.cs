using System.Buffers.Binary;
using System.Net;
using BlockSmtp.Addresses;

namespace BlockSmtp.Tests.Blocking;

public sealed class HostKeyTests
{
    private const int Many = 65_536;

    /// <summary>
    /// Whoever owns a network may take the addresses of it that differ in these bits only, and must not have them fall together.
    /// </summary>
    [Test]
    public void No_choice_of_addresses_falls_into_few_buckets([Values(0, 8, 16, 24, 32, 40, 48)] int shift, [Values(0, 16)] int bits)
    {
        Span<byte> address = stackalloc byte[16];
        HashSet<int> buckets = [];
        for (ulong i = 0; i < Many; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(address, 0x2001_0db8_0000_0001);
            BinaryPrimitives.WriteUInt64BigEndian(address[8..], i << shift);
            buckets.Add((HostKey.Of(new IPAddress(address)).GetHashCode() >> bits) & (Many - 1));
        }

        // By chance alone: 1 - 1/e of them, 41,427 and hardly 500 fewer.
        buckets.Count.Should().BeGreaterThan(Many / 2);
    }

    [Test]
    public void No_addresses_of_IPv4_fall_together_either([Values(0, 8, 16)] int shift)
    {
        var hashes = Enumerable.Range(0, Many)
            .Select(i => HostKey.Of(new IPAddress((uint)i << shift)).GetHashCode() & (Many - 1))
            .ToHashSet();
        hashes.Count.Should().BeGreaterThan(Many / 2);
    }

    [Test]
    public void A_host_and_the_networks_around_it_are_different_keys()
    {
        HostKey[] keys =
        [
            .. Enumerable.Range(0, 129).Select(length => HostKey.Of(new IPNetwork(IPAddress.IPv6Any, length))),
            .. Enumerable.Range(0, 33).Select(length => HostKey.Of(new IPNetwork(IPAddress.Any, length))),
        ];
        keys.Should().OnlyHaveUniqueItems();
        keys.Select(key => key.GetHashCode()).Should().OnlyHaveUniqueItems();
        HostKey.Of(IPAddress.Parse("192.0.2.1")).Should().Be(HostKey.Of(IPNetwork.Parse("192.0.2.1/32")));
    }
}
