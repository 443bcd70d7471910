using System.Text;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Reading;

/// <summary>
/// What Exim 4.96 remembers of a callout is a guess only where the answer itself was one: its line for the next who asks is the same for a
/// mailbox that is full and for one that does not exist.
/// </summary>
public sealed class CalloutsTests
{
    private const string First = "203.0.113.20";
    private const string Next = "198.51.100.10";
    private const string Unknown = "550 5.1.1 unknown";
    private const string Full = "552 5.2.2 Mailbox full";
    private const string Remembered = "Previous (cached) callout verification failure";

    // As each of a host may be no guess.
    private const int LetPass = 8;

    [TestCase(Full)]
    [TestCase("554 5.7.1 blacklisted")]
    [TestCase("550 5.7.23 No such user here")]
    public async Task Who_writes_to_users_of_whom_another_server_has_said_something_else_has_not_guessed(string answer)
    {
        var recipients = Enumerable.Range(0, 20).Select(i => $"<pol{i}@relay.example>").ToArray();

        (await Replay([.. recipients.Select(to => Asked(First, to, answer)), .. recipients.Select(to => Line(Next, to))]))
            .Should().BeEmpty();
    }

    [Test]
    public async Task Who_asks_for_a_name_that_another_server_has_not_known_has_guessed_whoever_has_asked_before() =>
        (await Replay(Asked(First, "<n1@relay.example>", Unknown), Line(Next, "<n1@relay.example>"), Line(First, "<n1@relay.example>")))
            .Should().Equal(First, Next, First);

    [Test]
    public async Task Where_the_answer_was_not_seen_eight_a_day_are_let_pass()
    {
        var lines = Enumerable.Range(0, LetPass + 2).Select(i => Line(Next, $"<n{i}@relay.example>")).ToArray();

        (await Replay(lines[..LetPass])).Should().BeEmpty();
        (await Replay(lines)).Should().Equal(Next, Next);
        (await Replay([.. lines, Line(First, "<n@relay.example>")])).Should().HaveCount(2, "another host has eight of its own");
    }

    [Test]
    public async Task Where_the_answer_was_not_seen_24_a_day_are_let_pass_of_a_network() =>
        (await Replay([.. Enumerable.Range(0, 26).Select(i => Line($"198.51.100.{10 + (i % 13)}", $"<n{i}@relay.example>"))]))
            .Should().HaveCount(2);

    [Test]
    public async Task The_last_answer_counts() =>
        (await Replay(
            Asked(First, "<joe@relay.example>", Full),
            Line(Next, "<joe@relay.example>"),
            Asked(First, "<joe@relay.example>", Unknown),
            Line(Next, "<joe@relay.example>"),
            Asked(First, "<joe@relay.example>", Full),
            Line(Next, "<joe@relay.example>")))
            .Should().Equal(First, Next);

    [TestCase("<JOE@relay.example>")]
    [TestCase("<joe+x@relay.example>")]
    [TestCase("<joe@other.example>")]
    [TestCase("<ann@relay.example>")]
    public async Task What_was_said_of_one_recipient_is_said_of_no_other(string other) =>
        (await Replay(
            Asked(First, "<joe@relay.example>", Full),
            Asked(First, other, Unknown),
            Line(Next, "<joe@relay.example>"),
            Line(Next, other)))
            .Should().Equal(First, Next);

    [TestCase("joe@relay.example", "joe@relay.example")]
    [TestCase("<joe@relay.example>", "joe@relay.example")]
    [TestCase("joe@relay.example", "<joe@relay.example>")]
    public async Task A_recipient_is_the_same_with_brackets_and_without(string first, string next)
    {
        (await Replay(Asked(First, first, Full), Line(Next, next))).Should().BeEmpty();
        (await Replay(Asked(First, first, Unknown), Line(Next, next))).Should().Equal(First, Next);
    }

    [TestCase("there is no such user here: ")]
    [TestCase("user unknown: ")]
    [TestCase("<joe@relay.example> from a@b.example: ")]
    [TestCase(Remembered + ": ")]
    public async Task A_sites_own_text_before_it_changes_nothing(string text)
    {
        (await Replay(Asked(First, "<joe@relay.example>", Full, text), Line(Next, "<joe@relay.example>", text))).Should().BeEmpty();
        (await Replay(Asked(First, "<joe@relay.example>", Unknown, text), Line(Next, "<joe@relay.example>", text)))
            .Should().Equal(First, Next);
        (await Replay([.. Enumerable.Repeat(Line(Next, "joe@relay.example", text), LetPass + 1)])).Should().Equal(Next);
    }

    [Test]
    public async Task What_another_server_remembers_itself_is_in_doubt_too() =>
        (await Replay([.. Enumerable.Repeat(Asked(Next, "<joe@relay.example>", "550 " + Remembered), LetPass + 1)])).Should().Equal(Next);

    [TestCase("F=<\"x\"@b.example> rejected RCPT {0}: {1}")]
    [TestCase("U=x F=<a@b.example> rejected RCPT {0}: {1}")]
    [TestCase("U=x rejected RCPT {0}: {1} F=<a@b.example> rejected RCPT {0}: {1}")]
    public async Task Where_a_client_may_have_written_the_answer_it_speaks_against_nobody_else(string form)
    {
        var said = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, form, "<joe@relay.example>", Answer("joe@relay.example", Unknown));

        (await Replay(
            Asked(First, "<joe@relay.example>", Full),
            $"2026-11-30 21:21:22 H=(x) [{First}] {said}",
            Line(Next, "<joe@relay.example>")))
            .Should().Equal(First);
    }

    [Test]
    public async Task What_syslog_has_twice_is_in_doubt_once()
    {
        const string Start = "Nov 30 21:21:23 mail1 exim[7]: ";
        var lines = Enumerable.Range(0, LetPass).Select(i => Start + Line(Next, $"<n{i}@relay.example>"));

        (await Replay([.. lines.SelectMany(line => new[] { line, line })])).Should().BeEmpty();
    }

    private static string Asked(string host, string recipient, string answer, string text = "") =>
        $"2026-11-30 21:21:22 H=(mx.first.example) [{host}] F=<a@first.example> rejected RCPT {recipient}: "
        + text + Answer(recipient.Trim('<', '>'), answer);

    private static string Answer(string recipient, string answer) =>
        $"192.0.2.7 [192.0.2.7] : SMTP error from remote mail server after RCPT TO:<{recipient}>: {answer}";

    private static string Line(string host, string recipient, string text = "") =>
        $"2026-11-30 21:21:23 H=(mx.fourth.example) [{host}] F=<a@fourth.example> rejected RCPT {recipient}: {text}{Remembered}";

    /// <summary>The host of each guess.</summary>
    private static async Task<IEnumerable<string>> Replay(params string[] lines)
    {
        var policy = new NotingPolicy();
        await new LogReplay(
            new MemoryLogSource(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")),
            policy,
            new ReplayOptions { FirstYear = 2026, TimeZone = TimeZoneInfo.Utc }).RunAsync();
        return policy.Offenses.Select(offense => offense.Peer.ToString());
    }
}
