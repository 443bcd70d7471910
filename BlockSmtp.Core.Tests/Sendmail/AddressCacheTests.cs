using System.Globalization;
using System.Text;
using BlockSmtp.Addresses;
using CsCheck;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>To remember addresses changes nothing of what they are, and spares most of the objects.</summary>
public sealed class AddressCacheTests
{
    // Few different ones, so that many come again, and of all lengths, so that some share a place.
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Select(
            Gen.Int[0, 300],
            Gen.Int[0, 3],
            Gen.Int[0, 3],
            Gen.Int[0, 300],
            (a, b, c, d) => string.Create(CultureInfo.InvariantCulture, $"{a}.{b}.{c}.{d}")),
        Gen.OneOfConst(
            "", "1.2.3.4", "1.2.3.", "2001:db8::1", "::ffff:192.0.2.1", "192.0.2.01", "2001:db8:0:0:0:0:a:21", "198.51.100.1000"));

    [Test]
    public void It_reads_what_is_read_without_it() => Texts.Array[1, 200].Sample(texts =>
    {
        var known = new AddressCache();
        foreach (var text in texts)
        {
            var bytes = Encoding.ASCII.GetBytes(text);
            var expected = AddressText.TryParse(bytes, out var address);
            known.TryParse(bytes, out var read).Should().Be(expected, text);
            read.Should().Be(address, text);
        }
    });

    [Test]
    public void The_same_host_is_the_same_object()
    {
        var known = new AddressCache();
        known.TryParse("192.0.2.17"u8, out var first).Should().BeTrue();
        known.TryParse("192.0.2.17"u8, out var second).Should().BeTrue();
        second.Should().BeSameAs(first);
    }
}
