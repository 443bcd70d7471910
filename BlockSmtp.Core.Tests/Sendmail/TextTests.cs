using System.Net;
using System.Text;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using CsCheck;

namespace BlockSmtp.Tests.Sendmail;

public sealed class TextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);

    [TestCase("203.0.113.77", "203.0.113.77")]
    [TestCase("0.0.0.0", "0.0.0.0")]
    [TestCase("255.255.255.255", "255.255.255.255")]
    [TestCase("2001:db8:0:0:0:0:a:21", "2001:db8::a:21")]
    [TestCase("::ffff:203.0.113.77", "203.0.113.77")]
    [TestCase("::FFFF:CB00:714D", "203.0.113.77")]
    [TestCase("::1", "::1")]
    public void An_address_becomes_its_canonical_self(string text, string canonical)
    {
        AddressText.TryParse(Encoding.ASCII.GetBytes(text), out var address).Should().BeTrue();
        address.ToString().Should().Be(canonical);
        AddressText.TryParseKey(Encoding.ASCII.GetBytes(text), out var key).Should().BeTrue();
        key.Should().Be(HostKey.Of(address));
    }

    [TestCase("")]
    [TestCase("1")]
    [TestCase("1.2.3")]
    [TestCase("1.2.3.4.5")]
    [TestCase("1.2.3.256")]
    [TestCase("1.2.3.04")]
    [TestCase("0x7f.0.0.1")]
    [TestCase("1.2.3.4 ")]
    [TestCase("1..3.4")]
    [TestCase("localhost")]
    [TestCase("fe80::1%eth0")]
    [TestCase("[::1]")]
    [TestCase("::1]:25")]
    [TestCase("1:2:3:4:5:6:7:8:9")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Anything_else_is_no_address(string text)
    {
        AddressText.TryParse(Encoding.ASCII.GetBytes(text), out _).Should().BeFalse();
        AddressText.TryParseKey(Encoding.ASCII.GetBytes(text), out _).Should().BeFalse();
    }

    [Test]
    public void An_IPv4_address_is_read_as_the_system_writes_it() =>
        Gen.OneOf(
            Gen.OneOfConst(".", "0", "1", "25", "255", "256", "99", "01", "1000", "").Array[1, 9].Select(string.Concat),
            Gen.Byte.Array[4].Select(bytes => string.Join('.', bytes))).Sample(text =>
        {
            var isOne = IPAddress.TryParse(text, out var expected) && expected.ToString() == text;
            AddressText.TryParse(Encoding.ASCII.GetBytes(text), out var address).Should().Be(isOne);
            if (isOne)
                address.Should().Be(expected);
        });

    [Test]
    public void An_IPv6_address_has_the_key_of_its_canonical_self() =>
        Gen.OneOf(
            Gen.OneOfConst(":", "::", "0", "f", "FFff", "2001", "db8", "12345", "g", ".", "203.0.113.77").Array[1, 16]
                .Select(string.Concat),
            Gen.OneOfConst("0", "00", "ffff", "CB00", "714d", "1", "12345", "").Array[7, 9].Select(parts => string.Join(':', parts)))
        .Sample(text =>
        {
            var isOne = AddressText.TryParse(Encoding.ASCII.GetBytes(text), out var address);
            AddressText.TryParseKey(Encoding.ASCII.GetBytes(text), out var key).Should().Be(isOne);
            if (isOne)
                key.Should().Be(HostKey.Of(address));
        });

    [Test]
    public void A_queue_id_tells_when_it_was_made()
    {
        // Logged at 20:46:10 UTC on 23 November 2026 by a sendmail whose time zone was New York.
        QueueId.LengthIn("6ANKkAJl005043: x"u8).Should().Be(14);
        QueueId.TryParse("6ANKkAJl005043"u8, out var id).Should().BeTrue();
        id.TryGetTime(Now, out var made).Should().BeTrue();
        made.Should().Be(new DateTimeOffset(2026, 11, 23, 20, 46, 10, TimeSpan.Zero));
    }

    [TestCase("6ANKkAJl005043: ", true)]
    [TestCase("6ANKkAJl1005043: ", true)]
    [TestCase("AAA12345: ", true)]
    [TestCase("NOQUEUE: ", false)]
    [TestCase("poststats: ", false)]
    [TestCase("6ANKkAJl005043[1]: ", false)]
    [TestCase("6ANKkAJl005043:", false)]
    [TestCase("6ANKkAJl00504: 6", true)]
    [TestCase("6ANKkAJl0050430000000: ", false)]
    [TestCase("6ANKkAJl00504x: ", false)]
    public void A_queue_id_has_its_form(string text, bool isOne)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var length = QueueId.LengthIn(bytes);
        (length > 0 && QueueId.TryParse(bytes.AsSpan(0, length), out _)).Should().Be(isOne);
    }

    [Test]
    public void Queue_ids_differ_in_every_character()
    {
        var (id, same, last, first) = (Id("6ANKkAJl005043"), Id("6ANKkAJl005043"), Id("6ANKkAJl005044"), Id("7ANKkAJl005043"));
        id.Should().Be(same).And.NotBe(last).And.NotBe(first);
        id.GetHashCode().Should().Be(same.GetHashCode());
    }

    private static QueueId Id(string text) =>
        QueueId.TryParse(Encoding.ASCII.GetBytes(text), out var id) ? id : throw new ArgumentException(text);
}
