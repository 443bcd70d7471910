using System.Net;
using System.Text;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>
/// sendmail logs a refused recipient without the eighth bit of its characters, so that a client can write any line of sendmail's into one:
/// whom such a line names is not believed, and who writes many of them guesses.
/// </summary>
[TestFixture]
public sealed class ImitatedLinesTests
{
    private const string Claimed = "x [198.51.100.62]: VRFY a,b<n{0}@example.org>... User unknown";
    private const string Delivery = "to=x, delay=<n{0}@example.org>... User unknown";

    private static readonly IPAddress Guesser = IPAddress.Parse("203.0.113.171");

    [TestCase(Claimed)]
    [TestCase("[198.51.100.62]: VRFY a,b<@example.org>... User address required")]
    [TestCase("a/b*c.example [198.51.100.62]: VRFY <x@example.org>... User unknown")]
    [TestCase("ruleset=check_rcpt, arg1=x0, relay=[198.51.100.62], reject=550 5.1.1 x0... <r0@example.org>... User unknown")]
    public async Task Whom_a_line_names_that_a_recipient_may_have_imitated_is_not_believed(string line)
    {
        (await ToldLog.ReadAsync(new LogText().Line(7, line), PeerLookupResult.Found(Guesser)))
            .Offenses.Should().ContainSingle().Which.Peer.Should().Be(Guesser, "its process tells");
        var ended = new LogText().Line(7, line).End(7, Guesser.ToString());
        (await ToldLog.ReadAsync(ended, PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess)))
            .Offenses.Should().ContainSingle().Which.Peer.Should().Be(Guesser, "the end of its transaction tells");
        (await ToldLog.ReadAsync(new LogText().Line(7, line), PeerLookupResult.NotFound(PeerLookupOutcome.NoConnection)))
            .Offenses.Should().BeEmpty("nobody tells");
        (await Replay(new LogText().Line(7, line))).Hosts.Should().BeEmpty();
    }

    [Test]
    public async Task Whom_another_probe_of_the_same_transaction_names_is_believed()
    {
        var log = new LogText().Line(7, $"[{Guesser}]: VRFY a").Line(7, $"[{Guesser}]: EXPN <c>... User unknown relay=x [198.51.100.62]");

        (await Replay(log)).Hosts.Should().ContainSingle().Which.Offenses.Should().Be(2);
    }

    // Each of these was one name, however many were asked for by it.
    [TestCase("ruleset=check_rcpt, arg1=x, relay=<n{0}@example.org>... User unknown")]
    [TestCase("ruleset=check_rcpt, arg1=x, relay=[203.0.113.171], reject=550 5.1.1 x... <n{0}@example.org>... User unknown")]
    [TestCase("Milter: to=x, reject=550 5.1.1 <n{0}@example.org>... User unknown")]
    [TestCase("Milter: to=x, reject=550 5.1.1 x... <n{0}@example.org>... User unknown")]
    [TestCase("x [<n{0}@example.org>]: VRFY a... User unknown")]
    [TestCase("n{0} [1.2.3.4]: VRFY a... User unknown")]
    public async Task Any_part_of_such_a_line_may_be_the_name(string line)
    {
        var log = new LogText();
        for (var i = 0; i < 3; i++)
            log.Line(7, Numbered(line, i));

        var policy = await ToldLog.ReadAsync(log, PeerLookupResult.Found(Guesser));

        policy.Offenses.Should().HaveCount(3).And.OnlyContain(offense => offense.RecipientKey == 0, "each is another");
    }

    [TestCase(Delivery)]
    [TestCase("--- <n{0}@example.org>... User unknown")]
    [TestCase("<-- x:n{0};... User unknown")]
    [TestCase("Milter: to=x, reject=451 x<n{0}@example.org>... User unknown")]
    [TestCase("ruleset=check_rcpt, arg1=<n{0}@x>, relay=h.example [203.0.113.1], reject=451 4.1.1 <n{0}@x>... User unknown")]
    public async Task Of_what_may_be_sendmails_own_a_few_lines_a_day_count_for_nothing(string line)
    {
        var log = new LogText();
        for (var i = 0; i < 20; i++)
            log.Line(7 + (i / 5), Numbered(line, i));
        for (var i = 0; i < 4; i++)
            log.End(7 + i, Guesser.ToString());

        var host = (await Replay(log)).Hosts.Should().ContainSingle().Which;
        host.Address.Should().Be(Guesser);
        host.Offenses.Should().Be(12, "eight are let pass");
    }

    [Test]
    public async Task Nor_are_many_let_pass_of_a_network()
    {
        var log = new LogText();
        for (var i = 0; i < 40; i++)
            log.Line(7 + (i / 8), Numbered(Delivery, i));
        for (var i = 0; i < 5; i++)
            log.End(7 + i, $"203.0.113.{171 + i}");

        (await Replay(log)).Hosts.Sum(host => host.Offenses).Should().Be(16, "of 24 nothing is said");
    }

    [Test]
    public async Task What_another_process_says_of_a_transaction_is_sendmails_own()
    {
        var log = new LogText().Unknown(7, 1);
        for (var i = 0; i < 20; i++)
            log.Raw(8, $"{LogText.DefaultId}000007: {Numbered(Delivery, i)}");

        (await Replay(log.End(7, Guesser.ToString()).End(8, Guesser.ToString()))).Hosts.Should().ContainSingle()
            .Which.Offenses.Should().Be(1);
    }

    [Test]
    public async Task Once_there_is_a_message_what_its_delivery_has_come_to_is_sendmails_own()
    {
        var log = new LogText().Line(
            7, $"from=<a@b.example>, size=300, class=0, nrcpts=1, msgid=<1@b>, proto=ESMTP, daemon=MTA-v4, relay=[{Guesser}]");
        for (var i = 0; i < 20; i++)
            log.Line(7, Numbered(Delivery, i));

        (await Replay(log, new NotingPolicy())).Hosts.Sum(host => host.Offenses).Should().Be(0);
    }

    // At LogLevel 15 each answer is logged, too.
    [Test]
    public async Task The_answer_to_a_refused_recipient_is_no_other_name([Values] bool isSeen)
    {
        const string Refused = "<dead@example.org>... User unknown";
        var log = new LogText();
        for (var i = 0; i < 20; i++)
        {
            log.Line(7 + i, "--- 250 2.1.0 <a@b.example>... Sender ok");
            log.Line(7 + i, $"--- 550 5.1.1 {Refused}").Line(7 + i, Refused).End(7 + i, Guesser.ToString());
        }

        var policy = await ToldLog.ReadAsync(
            log, isSeen ? PeerLookupResult.Found(Guesser) : PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess));

        policy.Offenses.Should().HaveCount(20);
        policy.Offenses.Select(offense => offense.RecipientKey).Distinct().Should().ContainSingle();
    }

    [TestCase(1)]
    [TestCase(20)]
    public async Task What_only_looks_like_an_answer_is_a_guess_as_the_others_are(int ofTransaction)
    {
        var log = new LogText();
        for (var i = 0; i < 20; i++)
        {
            log.Line(7 + (i / ofTransaction), Numbered("--- 550 5.1.1 <n{0}@example.org>... User unknown", i));
            if ((i + 1) % ofTransaction == 0)
                log.End(7 + (i / ofTransaction), Guesser.ToString());
        }

        (await ToldLog.ReadAsync(log, PeerLookupResult.Found(Guesser))).Offenses.Should().HaveCount(12, "eight are let pass");
    }

    // At the usual LogLevel it is a recipient, too; and where the log leaves out the middle, nobody knows of whom.
    [TestCase(false, "--- 550 5.1.1 <n{0}@example.org>... User unknown", "<n{0}@example.org>... User unknown", 12 + 20)]
    [TestCase(true, "--- 550 5.1.1 z1(c...d)... User unknown", "z1(c...d)... User unknown", 12 + 20)]
    public async Task Who_imitates_an_answer_and_its_refusal_guesses_twice(bool isLogged, string answer, string refusal, int expected)
    {
        var log = new LogText();
        if (isLogged)
            log.Line(7, "--- 250 2.1.0 <a@b.example>... Sender ok");
        for (var i = 0; i < 20; i++)
            log.Line(7, Numbered(answer, i)).Line(7, Numbered(refusal, i));

        (await ToldLog.ReadAsync(log, PeerLookupResult.Found(Guesser))).Offenses.Should().HaveCount(expected);
    }

    // Of a long sender sendmail leaves out the end of what it says.
    [TestCase("ruleset=check_rcpt, arg1=<alice@example.org>, relay=[203.0.113.171], reject=553 5.1.8 <alice@example.org>... "
        + "Domain of sender address x{0}... zzzz... User unknown@{170a}.example does")]
    [TestCase("ruleset=check_rcpt, arg1=<alice@example.org>, relay=[203.0.113.171], reject=553 5.1.8 <alice@example.org>... "
        + "Domain of sender address x{0}... {200a}... User unknown")]
    // Whoever forwards mail has strangers' senders.
    [TestCase("ruleset=check_rcpt, arg1=<alice@example.org>, relay=[203.0.113.171], reject=553 5.1.8 <alice@example.org>... "
        + "Domain of sender address x{0}... User unknown@nonexist.example does not exist")]
    [TestCase("ruleset=check_rcpt, arg1=<alice@example.org>, relay=[203.0.113.171], reject=451 4.1.8 <alice@example.org>... "
        + "Domain of sender address x{0}... User unknown@nonexist.example does not resolve")]
    [TestCase("ruleset=check_mail, arg1=<\"x{0}... User unknown\"@nonexist.example>, relay=[203.0.113.171], reject=553 5.1.8 "
        + "<\"x{0}... User unknown\"@nonexist.example>... Domain of sender address x{0}... User unknown@nonexist.example does not exist")]
    public async Task A_sender_that_does_not_exist_says_nothing_of_a_name(string line)
    {
        var log = new LogText();
        for (var i = 0; i < 20; i++)
            log.Line(7, Numbered(line, i));

        (await ToldLog.ReadAsync(log, PeerLookupResult.Found(Guesser))).Offenses.Should().BeEmpty();
    }

    [Test]
    public async Task Who_imitates_such_a_refusal_guesses()
    {
        var log = new LogText();
        for (var i = 0; i < 20; i++)
            log.Line(7, Numbered("ruleset=check_rcpt, arg1=x, relay=[203.0.113.9], reject=553 5.1.8 x... Domain of sender address "
                + "<n{0}@example.org> does not exist... User unknown", i));

        (await ToldLog.ReadAsync(log, PeerLookupResult.Found(Guesser))).Offenses.Should().HaveCount(12, "eight are let pass");
    }

    // sendmail cuts what it says of a sender, and takes his quotes and backslashes out of that then: so short, it may be a recipient.
    [TestCase("<alice@example.org>", "x... User unknown", 12)]
    // Longer than any recipient that the log shows.
    [TestCase("<alice@example.org>", "{60L}{26p}... User unknown", 0)]
    [TestCase("<alice@example.org>", "{60L}{126p}... User unknown", 0)]
    [TestCase("<alice.with.a.long.name@a.long.domain.of.the.site.example.org>", "{60L}... User unknown", 0)]
    public async Task A_sender_whose_quotes_are_left_out_says_hardly_anything_of_a_name(string recipient, string sender, int expected)
    {
        var log = new LogText();
        var words = System.Text.RegularExpressions.Regex.Replace(
            sender, @"\{(\d+)(\w)\}", match => new string(match.Groups[2].Value[0], int.Parse(match.Groups[1].Value)));
        for (var i = 0; i < 20; i++)
            log.Line(7, $"ruleset=check_rcpt, arg1={recipient}, relay=mx.friendly.example [{Guesser}], "
                + $"reject=553 5.1.8 {recipient}... Domain of sender address {words}");

        (await ToldLog.ReadAsync(log, PeerLookupResult.Found(Guesser))).Offenses.Should().HaveCount(expected);
    }

    private static string Numbered(string line, int number) => line
        .Replace("{0}", $"x{number}", StringComparison.Ordinal)
        .Replace("{170a}", new string('a', 170), StringComparison.Ordinal)
        .Replace("{200a}", new string('a', 200), StringComparison.Ordinal);

    private static Task<ReplaySummary> Replay(LogText log, IOffenderPolicy? policy = null) =>
        new LogReplay(
            new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString())),
            policy ?? new CountPolicy(),
            new ReplayOptions { CountProbes = true, TimeZone = TimeZoneInfo.Utc },
            new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero))).RunAsync();
}
