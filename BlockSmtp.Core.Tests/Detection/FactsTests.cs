using System.Net;
using System.Text;
using BlockSmtp.Tests.Fixtures;
using FluentAssertions;
using NUnit.Framework;

namespace BlockSmtp.Tests.Detection;

[TestFixture]
public sealed class FactsTests
{
    private static readonly IPAddress Host = IPAddress.Parse("203.0.113.20");

    private static readonly string[] MixedTransaction =
    [
        "Nov 23 18:00:01 mail1 sm-mta[100]: 6ANI01aa000100: <Anna@example.org>... User unknown",
        "Nov 23 18:00:02 mail1 sm-mta[100]: 6ANI01aa000100: <bob@example.org>... User unknown",
        "Nov 23 18:00:03 mail1 sm-mta[100]: 6ANI01aa000100: from=<>, size=140, class=0, nrcpts=2, msgid=<1@x>, proto=ESMTP, daemon=MTA, "
            + "relay=mx.example [203.0.113.20]",
        "Nov 23 18:00:04 mail1 sm-mta[101]: 6ANI01aa000100: to=<carl@example.org>, delay=00:00:01, mailer=local, "
            + "pri=1, dsn=2.0.0, stat=Sent",
        "Nov 23 18:00:04 mail1 sm-mta[101]: 6ANI01aa000100: to=<dora@example.org>, delay=00:00:01, mailer=local, pri=1, "
            + "dsn=4.2.2, stat=Deferred, stat=x",
    ];

    private static async Task<ReplaySummary> Replay(IOffenderPolicy policy, params string[] lines) =>
        await new LogReplay(
            new MemoryLogSource(Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n")),
            policy,
            new ReplayOptions { FirstYear = 2026, TimeZone = TimeZoneInfo.Utc, CountProbes = true }).RunAsync();

    [Test]
    public async Task A_policy_that_wants_them_is_told_of_acceptances_and_of_the_end_of_a_transaction_with_offenses()
    {
        var policy = new NotingPolicy();
        await Replay(policy, MixedTransaction);

        policy.Offenses.Should().HaveCount(2).And.OnlyContain(offense => offense.Sender == SenderKind.Null && offense.Transaction != 0);
        policy.Acceptances.Select(acceptance => (acceptance.Kind, acceptance.Recipients, acceptance.Sender, acceptance.Peer))
            .Should().Equal(
                (AcceptanceKind.Message, 2, SenderKind.Null, Host), (AcceptanceKind.Delivery, 1, SenderKind.Null, Host));
        policy.Ends.Should().ContainSingle().Which.Should().Be(
            new TransactionEnd(Host, new DateTimeOffset(2026, 11, 23, 18, 0, 3, TimeSpan.Zero), policy.Offenses[0].Transaction)
            {
                Sender = SenderKind.Null,
                Recipients = 2,
                IsTaken = true,
            });
    }

    [Test]
    public async Task Names_are_told_apart_without_case()
    {
        var policy = new NotingPolicy();
        await Replay(policy, MixedTransaction);
        await Replay(
            policy, MixedTransaction[0].Replace("Anna@example.org", "aNNA@EXAMPLE.org", StringComparison.Ordinal), MixedTransaction[2]);

        policy.Offenses[0].RecipientKey.Should().NotBe(0).And.Be(policy.Offenses[2].RecipientKey)
            .And.NotBe(policy.Offenses[1].RecipientKey);
        policy.Offenses[0].RecipientOrder.Should().BeLessThan(policy.Offenses[1].RecipientOrder, "anna comes before bob");
    }

    [TestCase("from=<\"a>, size=9, class=0, nrcpts=9, msgid=<x\"@b.example>, size=0, class=0, nrcpts=0, proto=ESMTP, "
        + "daemon=MTA, relay=[203.0.113.20]")]
    [TestCase("from=<a@b.example>, size=0, class=0, nrcpts=3, proto=ESMTP, daemon=MTA, relay=[203.0.113.20]")]
    public async Task What_a_client_writes_into_a_sender_or_only_asks_for_is_no_acceptance(string end)
    {
        var policy = new NotingPolicy();
        await Replay(policy, MixedTransaction[0], "Nov 23 18:00:03 mail1 sm-mta[100]: 6ANI01aa000100: " + end, MixedTransaction[3]);

        policy.Acceptances.Should().BeEmpty();
        policy.Ends.Should().ContainSingle().Which.IsTaken.Should().BeFalse();
    }

    [Test]
    public async Task A_policy_that_does_not_want_acceptances_is_told_of_none()
    {
        var policy = new NotingPolicy { WantsAcceptances = false };
        await Replay(policy, MixedTransaction);

        policy.Offenses.Should().HaveCount(2);
        policy.Acceptances.Should().BeEmpty();
        policy.Ends.Should().BeEmpty();
    }

    [Test]
    public async Task An_offense_that_no_line_told_is_counted_judged_and_explained()
    {
        await using var running = new RunningEngine(options => options.KeepRecipients = true);
        for (var i = 0; i < 4; i++)
            running.Engine.Report(new Offense(Host.MapToIPv6(), running.Time.GetUtcNow().AddYears(1), OffenseKind.UnknownRecipient)
            {
                Source = PeerSource.Elsewhere,
                Recipient = $"name{i}",
            });

        running.Engine.Counters.Offenses.Should().Be(4);
        var block = running.Engine.Explain(Host).Block;
        block.Should().NotBeNull();
        block!.Origin.Should().Be(BlockOrigin.Policy);
        block.Since.Should().Be(running.Time.GetUtcNow(), "the future is not brought about");
        block.Evidence!.Recipients.Should().Equal("name0", "name1", "name2", "name3");
        block.Evidence.Source.Should().Be(PeerSource.Elsewhere);
    }

    [Test]
    public async Task An_observer_may_report_an_offense_that_is_judged_right_after_the_decision_it_was_told_of()
    {
        var other = IPAddress.Parse("198.51.100.9");
        var observer = new ReportingObserver(other);
        await using var running = new RunningEngine(options => options.Observer = observer);
        observer.Engine = running.Engine;
        for (var i = 0; i < 4; i++)
            running.Engine.Report(new Offense(Host, running.Time.GetUtcNow(), OffenseKind.UnknownRecipient));

        running.Engine.Blocks.Select(block => block.Network.BaseAddress).Should().BeEquivalentTo([Host, other]);
    }

    private sealed class ReportingObserver(IPAddress other) : IEngineObserver
    {
        public DetectionEngine? Engine { get; set; }

        public void OnBlocked(Block block)
        {
            if (block.Network.Contains(other))
                return;
            for (var i = 0; i < 4; i++)
                Engine!.Report(new Offense(other, block.Since, OffenseKind.UnknownRecipient));
        }
    }

    [TestCase(null, "2001:db8::/64")]
    [TestCase("2001:db8::7", "2001:db8::1/128")]
    [TestCase("2001:db8::1", null)]
    public async Task A_verdict_may_name_a_network_which_is_blocked_unless_somebody_in_it_is_trusted(string? trusted, string? blocked)
    {
        var policy = new NotingPolicy { Verdict = _ => Verdict.Block(TimeSpan.FromHours(1), 1, "one", IPNetwork.Parse("2001:db8::/64")) };
        var seen = new SeenBlocks();
        var log = "Nov 23 18:00:01 mail1 sm-mta[100]: 6ANI01aa000100: [IPv6:2001:db8:0:0:0:0:0:1]: VRFY anna\n"u8.ToArray();
        await new LogReplay(new MemoryLogSource(log), policy, new ReplayOptions
        {
            FirstYear = 2026,
            TimeZone = TimeZoneInfo.Utc,
            Observer = seen,
            WhiteList = WhiteList.Parse(new StringReader(trusted ?? ""), "here"),
            CountProbes = true,
        }).RunAsync();

        seen.Blocked.Select(block => block.Network.ToString()).Should().Equal(blocked is null ? [] : [blocked]);
    }

    // What a message to biglist+0@example.org, biglist+1@example.org, … is delivered to counted as so many recipients.
    [TestCase("to=anna, ctladdr=<biglist+0@example.org> (8/0)", "to=bob, ctladdr=<BigList+1@example.org> (8/0)", 1)]
    [TestCase("to=anna,bob, ctladdr=<biglist@example.org> (8/0)", "to=<biglist@example.org>", 1)]
    [TestCase("to=anna", "to=|/usr/bin/vacation", 1)]
    [TestCase("to=anna, ctladdr=<one@example.org> (8/0)", "to=anna, ctladdr=<two@example.org> (8/0)", 2)]
    [TestCase("to=<one@example.org>", "to=<two@example.org>", 2)]
    public async Task Members_of_a_list_are_one_recipient_the_list(string one, string other, int recipients)
    {
        var policy = new NotingPolicy();
        await Replay(
            policy,
            [
                MixedTransaction[2],
                .. new[] { one, other }.Select(to => $"Nov 23 18:00:04 mail1 sm-mta[101]: 6ANI01aa000100: {to}, delay=00:00:01, "
                    + "mailer=local, pri=1, dsn=2.0.0, stat=Sent"),
            ]);

        policy.Acceptances.Where(acceptance => acceptance.Kind == AcceptanceKind.Delivery).Select(acceptance => acceptance.RecipientKey)
            .Should().HaveCount(2).And.Subject.Distinct().Should().HaveCount(recipients);
    }

    // Most aliases are for one user: what comes for them has no word on the alias (seen with 8.17).
    [TestCase(1, true)]
    [TestCase(2, false)]
    public async Task Whom_an_alias_stands_for_earns_by_name_where_one_recipient_was_accepted(int accepted, bool hasName)
    {
        var policy = new NotingPolicy();
        var taken = MixedTransaction[2].Replace("nrcpts=2", $"nrcpts={accepted}", StringComparison.Ordinal);
        await Replay(policy, taken, ToLine("anna"), ToLine("bob"));

        policy.Acceptances.Where(acceptance => acceptance.Kind == AcceptanceKind.Delivery).Should().HaveCount(accepted)
            .And.OnlyContain(acceptance => acceptance.RecipientKey != 0 == hasName);
    }

    [TestCase("VRFY anna", 1)]
    [TestCase("VRFY anna, bob,<carl@example.org>", 3)]
    [TestCase("VRFY ,", 1)]
    public async Task Each_name_that_VRFY_is_given_is_asked_for(string command, int names)
    {
        var policy = new NotingPolicy();
        await Replay(policy, $"Nov 23 18:00:01 mail1 sm-mta[100]: 6ANI01aa000100: [203.0.113.20]: {command}");

        policy.Offenses.Should().HaveCount(names).And.OnlyContain(offense => offense.Kind == OffenseKind.Probe);
        policy.Offenses.Select(offense => offense.RecipientKey).Should().OnlyHaveUniqueItems();
    }

    // A log shortens what is longer.
    [Test]
    public async Task What_VRFY_is_given_that_is_not_shown_whole_is_asked_for_too()
    {
        var policy = new NotingPolicy();
        var command = $"VRFY ({new string('p', 94)}...{new string('q', 100)}";
        await Replay(policy, $"Nov 23 18:00:01 mail1 sm-mta[100]: 6ANI01aa000100: [203.0.113.20]: {command}");

        policy.Offenses.Should().ContainSingle().Which.Kind.Should().Be(OffenseKind.Probe);
    }

    // It is no other line for two recipients than for <bob@example.org>,<anna@example.org>, of which only anna gets anything.
    [TestCase("<anna@example.org>,<bob@example.org>", true)]
    [TestCase("<nobody1@example.org>,<anna@example.org>", true)]
    [TestCase("<anna@example.org>,<nobody1@example.org>", false)]
    [TestCase("<nobody1@example.org>,<nobody2@example.org>", false)]
    [TestCase("<nobody1@example.org><anna@example.org>", false)]
    public async Task Of_several_recipients_in_one_line_the_last_earns_by_name_if_it_has_had_a_delivery_of_its_own(
        string written, bool hasName)
    {
        var policy = new NotingPolicy();
        await Replay(
            policy,
            [
                MixedTransaction[2],
                .. new[] { "<anna@example.org>", "<bob@example.org>" }.Select(ToLine),
                MixedTransaction[2].Replace("01aa", "02aa", StringComparison.Ordinal),
                ToLine(written).Replace("01aa", "02aa", StringComparison.Ordinal),
            ]);
        var keys = policy.Acceptances.Where(acceptance => acceptance.Kind == AcceptanceKind.Delivery)
            .Select(acceptance => acceptance.RecipientKey)
            .ToArray();

        keys[..2].Should().OnlyHaveUniqueItems().And.NotContain(0ul);
        keys[2..].Should().ContainSingle().Which.Should().BeOneOf(hasName ? keys[..2] : [0ul]);
    }

    private static string ToLine(string to) =>
        $"Nov 23 18:00:04 mail1 sm-mta[101]: 6ANI01aa000100: to={to}, delay=00:00:01, mailer=local, pri=1, dsn=2.0.0, stat=Sent";

    private sealed class SeenBlocks : IEngineObserver
    {
        public List<Block> Blocked { get; } = [];

        public void OnBlocked(Block block) => Blocked.Add(block);
    }
}
