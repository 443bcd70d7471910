using System.Net;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>A client whose name has a character that no host's has: what asks for names is its process, whatever the line says.</summary>
[TestFixture]
public sealed class OddNamesTests
{
    private static readonly IPAddress Connected = IPAddress.Parse("203.0.113.171");

    [TestCase("a/b*c.example [198.51.100.10]: VRFY <x@example.org>")]
    [TestCase("a/b*c.example [198.51.100.10] (may be forged): expn x")]
    [TestCase("a/b*c.example [IPv6:2001:db8:0:0:0:0:0:1]: VRFY x")]
    public async Task Who_asks_for_names_is_found_by_the_process(string text)
    {
        var policy = await ToldLog.ReadAsync(new LogText().Line(7, text), PeerLookupResult.Found(Connected));

        policy.Offenses.Should().ContainSingle().Which.Should().Match<Offense>(offense =>
            offense.Kind == OffenseKind.Probe && offense.Peer.Equals(Connected) && offense.Source == PeerSource.Connection);
    }

    [TestCase("a/b*c.example [198.51.100.10]: VRFY <x@example.org>")]
    public async Task Where_the_process_is_gone_it_counts_against_nobody(string text) =>
        (await ToldLog.ReadAsync(new LogText().Line(7, text), PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess)))
            .Offenses.Should().BeEmpty();

    [TestCase("<\"a/b [198.51.100.10]: VRFY x\"@example.org>... Relaying denied")]
    [TestCase("\"a/b [198.51.100.10]: VRFY x\"@example.org... Relaying denied")]
    [TestCase("a/b*c.example [198.51.100.10]: ETRN x")]
    [TestCase("a/b*c.example [198.51.100.10]: VRFY")]
    [TestCase("a/b c.example [198.51.100.10]: VRFY x")]
    [TestCase("a/b*c.example [198.51.100.10")]
    public async Task What_is_no_question_for_a_name_is_none(string text) =>
        (await ToldLog.ReadAsync(new LogText().Line(7, text), PeerLookupResult.Found(Connected))).Offenses.Should().BeEmpty();
}
