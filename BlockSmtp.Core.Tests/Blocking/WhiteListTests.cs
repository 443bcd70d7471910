using System.Diagnostics;
using System.Net;

namespace BlockSmtp.Tests.Blocking;

public sealed class WhiteListTests
{
    [TestCase("10.0.0.0/8", "10.1.2.3", "10.0.0.0/8")]
    [TestCase("10.10.10.10/24", "10.10.10.200", "10.10.10.0/24")]
    [TestCase("192.0.2.1", "192.0.2.1", "192.0.2.1/32")]
    [TestCase("0.0.0.0/0", "198.51.100.10", "0.0.0.0/0")]
    [TestCase("2001:db8::/32", "2001:db8::a:21", "2001:db8::/32")]
    [TestCase("2001:DB8::1/64", "2001:db8::2", "2001:db8::/64")]
    [TestCase("2001:db8::7", "2001:db8::7", "2001:db8::7/128")]
    [TestCase("::ffff:10.0.0.0/104", "10.1.2.3", "10.0.0.0/8")]
    [TestCase("::ffff:10.1.2.3", "10.1.2.3", "10.1.2.3/32")]
    [TestCase("  10.0.0.0/8 \r", "::ffff:10.1.2.3", "10.0.0.0/8")]
    [TestCase("10.0.0.0/8 # office", "10.1.2.3", "10.0.0.0/8")]
    [TestCase("  # indented\n10.0.0.0/8# office, floor 3", "10.1.2.3", "10.0.0.0/8")]
    [TestCase("10.0.0.0/8 until 2026-12-31  # office", "10.1.2.3", "10.0.0.0/8")]
    public void A_host_in_a_trusted_network_is_trusted(string line, string host, string network)
    {
        Parse(line).TryFind(IPAddress.Parse(host), out var found).Should().BeTrue();
        found.Should().Be(IPNetwork.Parse(network));
    }

    [TestCase("10.0.0.0/8", "11.0.0.0")]
    [TestCase("10.0.0.0/8", "2001:db8::1")]
    [TestCase("192.0.2.1", "192.0.2.2")]
    [TestCase("2001:db8::/32", "2001:db9::1")]
    [TestCase("::/0", "10.1.2.3")]
    public void Any_other_host_is_not(string line, string host) =>
        Parse(line).TryFind(IPAddress.Parse(host), out _).Should().BeFalse();

    [TestCase("10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8")]
    [TestCase("10.1.2.3", "10.1.0.0/16", "10.1.2.3/32")]
    [TestCase("10.1.0.0/16", "10.1.0.0/16", "10.1.0.0/16")]
    [TestCase("10.1.2.3", "10.1.2.3/32", "10.1.2.3/32")]
    [TestCase("10.1.2.3\n10.0.0.0/8", "10.1.2.0/24", "10.0.0.0/8")]
    [TestCase("2001:db8::7\n2001:db8:1::/64", "2001:db8::/32", "2001:db8::7/128")]
    [TestCase("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0")]
    [TestCase("::/0", "::/0", "::/0")]
    public void A_network_of_which_a_part_is_trusted_is_found(string lines, string network, string trusted)
    {
        Parse(lines).TryFindPart(IPNetwork.Parse(network), out var found).Should().BeTrue();
        found.Should().Be(IPNetwork.Parse(trusted));
    }

    [TestCase("10.1.0.0/16", "10.2.0.0/16")]
    [TestCase("10.1.2.3", "10.1.2.4/32")]
    [TestCase("10.1.2.3\n10.1.4.0/24", "10.1.3.0/24")]
    [TestCase("::/0", "10.1.2.3/32")]
    public void Any_other_network_is_not(string lines, string network) =>
        Parse(lines).TryFindPart(IPNetwork.Parse(network), out _).Should().BeFalse();

    [Test]
    public void Comments_and_blank_lines_are_skipped_and_the_narrowest_network_is_named()
    {
        var list = Parse("# our own\n\n10.0.0.0/8\n   \n10.1.0.0/16\n10.1.0.0/16\n#10.1.2.0/24\n");

        list.Count.Should().Be(2);
        list.TryFind(IPAddress.Parse("10.1.2.3"), out var found).Should().BeTrue();
        found.Should().Be(IPNetwork.Parse("10.1.0.0/16"));
    }

    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0/-1")]
    [TestCase("10.0.0.0/")]
    [TestCase("10.0.0.0/8/8")]
    [TestCase("10.0.0")]
    [TestCase("10")]
    [TestCase("010.0.0.1")]
    [TestCase("256.0.0.1")]
    [TestCase("mail.example.org")]
    [TestCase("2001:db8::/129")]
    [TestCase("2001:db8:::1")]
    [TestCase("fe80::1%eth0")]
    [TestCase("10.0.0.1-10.0.0.9")]
    [TestCase("١٠.0.0.1")]
    public void A_line_that_is_no_network_is_named_with_its_place_and_text(string line)
    {
        var text = line.Trim();
        FluentActions.Invoking(() => WhiteList.Parse(new StringReader("# first\n" + line), "/etc/list"))
            .Should().Throw<WhiteListException>().WithMessage($"/etc/list:2: '{text}' is not a network address").And.Line.Should().Be(2);
    }

    [TestCase("mail.example.org", "it looks like a host name: write its addresses, which 'getent ahosts mail.example.org' lists")]
    [TestCase("*.example.org", "it looks like a host name: write its addresses, which 'getent ahosts example.org' lists")]
    [TestCase("10.0.0.0/255.255.255.0", "it looks like a network mask: write 10.0.0.0/24")]
    [TestCase("10.0.0.7 netmask 255.0.0.0", "it looks like a network mask: write 10.0.0.0/8")]
    [TestCase("10.0.0.0/0.0.0.255", "it looks like a wild-card mask: write 10.0.0.0/24")]
    [TestCase("10.0.0.0/33", "'33' is no length of a prefix: write 10.0.0.0/32 for the host alone, or a smaller number for a network")]
    [TestCase("10.0.0.1-10.0.0.9", "it looks like a range: write 10.0.0.1, 10.0.0.2/31, 10.0.0.4/30, 10.0.0.8/31, one a line")]
    [TestCase("10.0.0.0 - 255", "it looks like a range: write 10.0.0.0/24, one a line")]
    [TestCase("0.0.0.0-255.255.255.255", "it looks like a range: write 0.0.0.0/0, one a line")]
    [TestCase("10.0.0.*", "it looks like a wildcard: write 10.0.0.0/24")]
    [TestCase("10.1.*.*", "it looks like a wildcard: write 10.1.0.0/16")]
    [TestCase("10.0.0", "it looks like the beginning of an address: write 10.0.0.0/24 for all of them")]
    [TestCase("10.0.", "it looks like the beginning of an address: write 10.0.0.0/16 for all of them")]
    [TestCase("[2001:db8::1]", "it looks like an address in brackets: write 2001:db8::1")]
    [TestCase("10.0.0.1:25", "it looks like an address with a port: write 10.0.0.1, which counts for all ports")]
    [TestCase("fe80::1%eth0", "it looks like an address with an interface: write fe80::1")]
    [TestCase("10.0.0.1, 10.0.0.2", "these are several: write each on a line of its own")]
    [TestCase("10.0.0.1 the office", "something stands behind 10.0.0.1: a comment begins with #")]
    [TestCase("10.0.0.1 until Christmas", "behind 'until' stands a day: write 10.0.0.1 until 2026-12-31")]
    [TestCase(
        "anna@example.org", "it looks like a mail address: hosts are named by the addresses that they connect from, such as 192.0.2.25")]
    [TestCase("10", null)]
    [TestCase("256.0.0.1", null)]
    [TestCase("----", null)]
    [TestCase("/", null)]
    [TestCase("%", null)]
    [TestCase("[", null)]
    [TestCase("]", null)]
    [TestCase("...", null)]
    [TestCase("", null)]
    public void What_a_line_looks_like_is_said_and_what_would_be_right(string line, string? hint) => NetworkText.Mistake(line)
        .Should().Be(hint);

    [Test]
    public void All_lines_that_are_wrong_are_named_at_once()
    {
        var failure = FluentActions.Invoking(() => WhiteList.Parse(new StringReader("localhost\n192.0.2.7\n10.0.0.*\n????\n"), "/etc/list"))
            .Should().Throw<WhiteListException>().Which;

        failure.Message.Should().Be("/etc/list:1: 'localhost' is not a network address");
        failure.Details.Should().Equal(
            "/etc/list:1: it looks like a host name: write its addresses, which 'getent ahosts localhost' lists",
            "/etc/list:3: '10.0.0.*' is not a network address: it looks like a wildcard: write 10.0.0.0/24",
            "/etc/list:4: '????' is not a network address");
        FluentActions.Invoking(() => WhiteList.Parse(new StringReader(string.Concat(Enumerable.Repeat("?\n", 1_000))), "f"))
            .Should().Throw<WhiteListException>()
            .Which.Details[^1].Should().Be("f: 979 more lines are none");
    }

    [Test]
    public void What_has_an_end_is_trusted_to_the_end_of_that_day()
    {
        var list = Parse("10.0.0.0/8 until 2026-12-30\n10.1.0.0/16\n192.0.2.7 until 2026-12-31\n");
        var end = new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero);

        list.NextEnd.Should().Be(end);
        list.At(end.AddTicks(-1)).Should().BeSameAs(list);
        var later = list.At(end);
        later.NextEnd.Should().Be(end.AddDays(1));
        later.TryFind(IPAddress.Parse("10.1.2.3"), out _).Should().BeTrue();
        later.TryFind(IPAddress.Parse("10.2.2.3"), out _).Should().BeFalse();
        (later.Count, later.PlaceOf(IPNetwork.Parse("192.0.2.7/32"))).Should().Be((2, "test:3"));
        (later.At(end.AddDays(1)).Count, later.At(end.AddDays(1)).NextEnd).Should().Be((1, null));
    }

    [Test]
    public void A_binary_line_does_not_reach_the_terminal_as_it_is() =>
        FluentActions.Invoking(() => WhiteList.Parse(new StringReader("\u001b[31m" + new string('x', 5000)), "f"))
            .Should().Throw<WhiteListException>().Which.Message.Should().NotContain("\u001b")
            .And.HaveLength("f:1: '' is not a network address".Length + 101);

    [Test]
    public void Ten_thousand_networks_cost_no_more_to_ask_than_ten()
    {
        var few = Measure(10);
        var many = Measure(10_000);

        // A list that is searched would show a factor of a thousand.
        (many / few).Should().BeLessThan(30);

        static double Measure(int count)
        {
            var list = new WhiteList(
                Enumerable.Range(0, count).Select(i => new IPNetwork(new IPAddress([10, (byte)(i >> 8), (byte)i, 0]), 24)));
            var host = IPAddress.Parse("203.0.113.20");
            var best = double.MaxValue;
            var found = false;
            for (var round = 0; round < 5; round++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < 20_000; i++)
                    found |= list.TryFind(host, out _);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }

            found.Should().BeFalse();
            return best;
        }
    }

    private static WhiteList Parse(string text) => WhiteList.Parse(new StringReader(text), "test");
}
