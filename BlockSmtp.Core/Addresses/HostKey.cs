using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Addresses;

/// <summary>
/// A host or network as the key of a table: compared and hashed as numbers, where <see cref="IPAddress"/> and
/// <see cref="IPNetwork"/> go through objects.
/// </summary>
internal readonly struct HostKey : IEquatable<HostKey>
{
    // Room above the 128 prefix lengths of IPv6 for the 33 of IPv4.
    private const int IPv4Kind = 256;
    private const ulong NotIPv4 = 0x8000_0000;

    private static readonly HashSeeds Seeds = HashSeeds.New();

    private readonly ulong _high;
    private readonly ulong _low;
    private readonly int _kind;

    // Several tables are asked for one key, and there is room for it beside the kind.
    private readonly int _hash;

    private HostKey(ulong high, ulong low, int kind) => (_high, _low, _kind, _hash) = (high, low, kind, Seeds.Hash(high, low, kind));

    public bool IsIPv4 => _kind >= IPv4Kind;

    /// <summary>
    /// Whether it is of IPv4, perhaps as a translator shows it to an IPv6 network (RFC 6052, 64:ff9b::/96): who has one address there does
    /// not have its neighbours.
    /// </summary>
    public bool IsOfIPv4 => IsIPv4 || (_high == 0x0064_FF9B_0000_0000 && _low >> 32 == 0 && _kind == 128);

    /// <summary>Whether this is no host's key, nor a network's.</summary>
    public bool IsNone => _kind == 0;

    /// <summary>The first half of an IPv6 address; an IPv4 address in its upper half.</summary>
    public ulong High => _high;

    /// <summary>The second half of an IPv6 address.</summary>
    public ulong Low => _low;

    /// <summary>An IPv4 address as a number.</summary>
    public uint IPv4 => (uint)(_high >> 32);

    /// <summary>
    /// The key as one number: each key of IPv4 has its own, and those of IPv6 hardly ever share one.
    /// </summary>
    public ulong Number => IsIPv4 ? _high | (uint)_kind : (_high ^ _low ^ (uint)_hash) | NotIPv4;

    /// <summary>The key of the IPv4 address that is this number.</summary>
    public static HostKey OfIPv4(uint address) => new((ulong)address << 32, 0, IPv4Kind + 32);

    /// <summary>The key of the IPv6 address with these halves.</summary>
    public static HostKey OfIPv6(ulong high, ulong low) => new(high, low, 128);

    public static HostKey Of(IPAddress host) => Of(host, host.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    public static HostKey Of(IPNetwork network) => Of(network.BaseAddress, network.PrefixLength);

    /// <summary>The network of a single host.</summary>
    public static IPNetwork NetworkOf(IPAddress host) => new(host, host.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    /// <summary>The host, or the first one of the network.</summary>
    public IPAddress ToAddress() => ToNetwork().BaseAddress;

    /// <summary>The network that this is the key of; a single host's has all of its bits.</summary>
    public IPNetwork ToNetwork()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(_high >> 32));
            return new IPNetwork(new IPAddress(bytes[..4]), _kind - IPv4Kind);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return new IPNetwork(new IPAddress(bytes), _kind);
    }

    /// <summary>The network of so many bits that a host is in.</summary>
    public HostKey Within(int prefixLength)
    {
        var (high, low) = _kind >= IPv4Kind
            ? (_high & Mask(prefixLength), 0UL)
            : (_high & Mask(prefixLength), _low & Mask(prefixLength - 64));
        return new HostKey(high, low, _kind >= IPv4Kind ? IPv4Kind + prefixLength : prefixLength);
    }

    private static HostKey Of(IPAddress address, int prefixLength)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == sizeof(uint)
            ? new((ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 32, 0, IPv4Kind + prefixLength)
            : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), prefixLength);
    }

    private static ulong Mask(int bits) => bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - bits);

    public bool Equals(HostKey other) => _high == other._high && _low == other._low && _kind == other._kind;

    public override bool Equals(object? obj) => obj is HostKey other && Equals(other);

    /// <summary>Seeded anew in each process: who owns a whole IPv6 network can choose his addresses, but not where they fall.</summary>
    public override int GetHashCode() => _hash;

    /// <summary>
    /// Random numbers that make a hash of 128 bits and a kind, of which nobody can foretell which keys fall together: pairs of halves, each
    /// with a number added, are multiplied ("pair-multiply-shift", Thorup, High Speed Hashing for Integers and Strings, section 3.5). What
    /// differs in a few bits only would come out in even steps: so the sum of the products is mixed once more.
    /// </summary>
    private readonly record struct HashSeeds(ulong First, ulong Second, ulong Third, ulong Fourth, ulong Kind, ulong Sum)
    {
        public static HashSeeds New() => new(Next(), Next(), Next(), Next(), Next(), Next());

        public int Hash(ulong high, ulong low, int kind)
        {
            var sum = (((uint)high + First) * ((high >> 32) + Second))
                + (((uint)low + Third) * ((low >> 32) + Fourth))
                + ((uint)kind * Kind)
                + Sum;
            return (int)(((sum ^ (sum >> 32)) * 0x9E3779B97F4A7C15) >> 32);
        }

        private static ulong Next() => (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);
    }
}
