using System.Net;
using System.Text;

namespace BlockSmtp.Benchmarks.Logs;

/// <summary>
/// A client of the mail server, as sendmail writes it: <c>host [192.0.2.1]</c>, <c>[IPv6:…]</c>, <c>… (may be forged)</c>.
/// </summary>
/// <param name="address">Its address.</param>
/// <param name="relay">What stands after <c>relay=</c>.</param>
/// <param name="name">Its name in the DNS; null for none.</param>
/// <param name="isAttacker">Whether it guesses; others mistype now and then.</param>
internal sealed class LogHost(IPAddress address, byte[] relay, string? name, bool isAttacker)
{
    private static readonly string[] Domains = ["example.org", "example.net", "example.com", "dialup.example", "under_score.example"];

    public IPAddress Address { get; } = address;

    public byte[] Relay { get; } = relay;

    /// <summary>As Postfix names it: <c>host[192.0.2.1]</c>, <c>unknown[2001:db8::1]</c>.</summary>
    public byte[] PostfixName { get; } = Encoding.ASCII.GetBytes($"{name ?? "unknown"}[{address}]");

    /// <summary>As Exim names it: <c>H=host (helo) [192.0.2.1]</c>.</summary>
    public byte[] EximName { get; } = Encoding.ASCII.GetBytes(
        $"H={(name is null ? "" : name + " ")}(mail.{name ?? "client.example"}) [{address}]");

    public bool IsAttacker { get; } = isAttacker;

    /// <summary>How many unknown recipients it was refused.</summary>
    public int Offenses { get; set; }

    /// <summary>For one that is no attacker: how often it will still mistype in the whole log.</summary>
    public int TyposLeft { get; set; }

    /// <summary>
    /// Attackers are in 198.18.0.0/15 (RFC 2544), more of them than it has in 10.0.0.0/8 (RFC 1918), others in 100.64.0.0/10 (RFC 6598),
    /// all IPv6 in 2001:db8::/32 (RFC 3849).
    /// </summary>
    public static LogHost[] Make(SeededRandom random, int count, bool attackers)
    {
        var (bits, network, mixer) = !attackers ? (22, 100u << 24 | 64u << 16, 2_654_435u)
            : count < 1 << 17 ? (17, 198u << 24 | 18u << 16, 77_773u)
            : (24, 10u << 24, 2_654_435u);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (1 << bits) - 2);
        var hosts = new LogHost[count];
        for (var i = 0; i < count; i++)
        {
            // An odd factor maps the numbers below a power of two onto themselves: all addresses differ, none are neighbours.
            var number = (uint)(i + 1) * mixer & ((1u << bits) - 1);
            var isIPv6 = random.Chance(attackers ? 0.03 : 0.10);
            var address = isIPv6 ? IPv6(network, number) : IPv4(network + number);
            var bracketed = isIPv6 ? $"[IPv6:{Uncompressed(address)}]" : $"[{address}]";
            var look = random.Next();
            var (bare, forged) = attackers ? (0.45, 0.25) : (0.05, 0.03);
            var name = look < bare ? null : $"host-{number:x}.{random.Pick(Domains)}";
            var relay = name is null ? bracketed : $"{name} {bracketed}{(look < bare + forged ? " (may be forged)" : "")}";
            hosts[i] = new LogHost(address, Encoding.ASCII.GetBytes(relay), name, attackers)
            {
                TyposLeft = attackers ? 0 : random.Below(4),
            };
        }

        return hosts;
    }

    private static IPAddress IPv4(uint number) => new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    private static IPAddress IPv6(uint network, uint number) =>
        IPAddress.Parse($"2001:db8:{network >> 24:x}:{number >> 12:x}::{(number & 4095) + 1:x}");

    /// <summary>sendmail leaves no zeros out.</summary>
    private static string Uncompressed(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return string.Join(':', Enumerable.Range(0, 8).Select(i => (bytes[2 * i] << 8 | bytes[(2 * i) + 1]).ToString("x", null)));
    }
}
