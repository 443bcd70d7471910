using System.Net;
using System.Text;
using BlockSmtp.Logs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Reading;

/// <summary>What a syslog daemon writes in place of equal lines counts as they would, and never against anybody else.</summary>
[TestFixture]
public sealed class RepeatedLinesTests
{
    private const string Id = "6AU2ex45019520";

    private static readonly string Long = $"<{new string('A', 99)}...{new string('B', 99)}>";

    private static readonly string Guess = $"{Id}: {Long}... User unknown";

    private static readonly string First = $"Nov 30 02:40:55 mail1 sm-mta[19520]: {Guess}";

    private static readonly string End =
        $"Nov 30 02:49:59 mail1 sm-mta[19520]: {Id}: from=<a@b.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, "
        + "relay=[203.0.113.5]";

    [TestCase("mail1 sm-mta[19520]: message repeated 2 times: [ GUESS]", 3)]
    [TestCase("mail1 sm-mta[19520]: message repeated 1 time: [GUESS] ", 2)]
    [TestCase("mail1 sm-mta[19520]: message repeated 100000 times: [ GUESS]", 1 + 1_000)]
    [TestCase("mail1 sm-mta[19520]: last message repeated 11 times", 12)]
    [TestCase("mail1 sm-mta: Last message '6AU2ex45019520: <AAA' repeated 11 times, suppressed by syslog-ng on mail1", 12)]
    [TestCase("mail1 last message repeated 11 times", 12)]
    [TestCase("mail1 last message repeated 1 time", 2)]
    [TestCase("mail1 last message repeated 11 times\r", 12)]
    [TestCase("<syslog.info> mail1 last message repeated 11 times", 12)]
    [TestCase("mail1 syslogd: last message repeated 11 times", 12)]
    [TestCase("mail1 syslogd[77]: last message repeated 11 times", 12)]
    [TestCase("--- last message repeated 3 times ---", 4)]
    [TestCase("--- last message repeated 1 time ---", 2)]
    public async Task Each_line_that_is_not_written_again_is_a_guess_of_its_own(string repeated, int guesses)
    {
        var told = await Told(First, $"Nov 30 02:41:11 {repeated.Replace("GUESS", Guess, StringComparison.Ordinal)}", End);

        told.Should().HaveCount(guesses).And.OnlyContain(offense => offense.Peer.Equals(IPAddress.Parse("203.0.113.5")));
        told.Should().OnlyContain(offense => offense.RecipientKey == 0, "each may be another name");
        told[^1].Time.Should().Be(new DateTimeOffset(2026, 11, 30, 2, 41, 11, TimeSpan.Zero), "that is when it is said");
    }

    [TestCase("mail2 last message repeated 11 times")]
    [TestCase("last message repeated 11 times")]
    [TestCase("mail1 other[7]: last message repeated 11 times")]
    [TestCase("mail1 other: last message repeated 11 times")]
    [TestCase("mail1 last message repeated 11 times, so they say")]
    [TestCase("mail1 last message repeated -1 times")]
    [TestCase("mail1 last message repeated 0 times")]
    [TestCase("mail1 last message repeated 99999999999999999999 times")]
    [TestCase("mail1 sm-mta[19521]: last message repeated 11 times")]
    [TestCase("mail1 sm-mta: Last message '6AU2ex45019520: <BBB' repeated 11 times, suppressed by syslog-ng on mail1")]
    [TestCase("mail1 sm-mta[19520]: message repeated 2 times: [ 6AU2ex45019520: <AAA")]
    [TestCase("mail1 sm-mta[19520]: message repeated 2 times: [ message repeated 2 times: [ GUESS]]")]
    [TestCase("mail1 sm-mta[19520]: message repeated 2 times: []")]
    [TestCase("mail1 sm-mta[19520]: 6AU2ex45019520: x: message repeated 2 times: [ GUESS]")]
    public async Task What_is_no_such_line_or_of_another_stands_for_nothing(string repeated)
    {
        var told = await Told(First, $"Nov 30 02:41:11 {repeated.Replace("GUESS", Guess, StringComparison.Ordinal)}", End);

        told.Should().ContainSingle();
    }

    [TestCase("Nov 30 02:41:00 mail1 sm-mta[19520]: 6AU2ex45019520: <alice@example.org>... Mailbox full")]
    [TestCase("Nov 30 02:41:00 mail1 sm-mta[19521]: 6AU2ex45019521: to=<x>, delay=00:00:00, stat=Sent")]
    [TestCase("Nov 30 02:41:00 mail1 CRON[7]: session opened")]
    [TestCase("Nov 30 02:41:00 mail2 sm-mta[7]: x")]
    [TestCase("x")]
    [TestCase("")]
    public async Task The_line_right_before_it_is_the_one_that_came_again(string between)
    {
        var told = await Told(First, between, "Nov 30 02:41:11 mail1 last message repeated 11 times", End);

        told.Should().ContainSingle();
    }

    [Test]
    public async Task A_line_may_be_said_to_have_come_again_more_than_once()
    {
        const string Again = "Nov 30 02:41:11 mail1 last message repeated 2 times";
        (await Told(First, Again, Again, End)).Should().HaveCount(5);
    }

    [Test]
    public async Task Wherever_the_log_is_cut_into_chunks_the_same_comes_of_it()
    {
        var log = Encoding.UTF8.GetBytes(string.Join('\n', First, "Nov 30 02:41:11 mail1 last message repeated 2 times", End) + "\n");
        for (var cut = 1; cut < log.Length; cut += 7)
            (await Told(new MemoryLogSource(log, cut))).Should().HaveCount(3);
    }

    [Test]
    public async Task What_begins_a_file_says_nothing_of_the_one_before_it()
    {
        using var folder = new TemporaryFolder();
        string[] paths =
            [folder.Write("a", First + "\n"), folder.Write("b", $"Nov 30 02:41:11 mail1 last message repeated 2 times\n{End}\n")];

        (await Told(new ReplayLogSource(paths))).Should().ContainSingle();
    }

    [Test]
    public async Task Where_lines_were_left_out_nobody_knows_which_came_again()
    {
        var lines = new[] { First, "Nov 30 02:41:11 mail1 last message repeated 2 times", End }
            .Select(line => new LogChunk(Encoding.UTF8.GetBytes(line + "\n")) { SkippedLines = line.Contains("last message") ? 1 : 0 });

        (await Told(new Chunks([.. lines]))).Should().ContainSingle();
    }

    [Test]
    public async Task Of_a_message_that_rsyslog_has_cut_the_one_that_came_first_counts_again()
    {
        // What is cut may end just behind what a client has written to look like another client's.
        var name = $"<\"a, relay=[198.51.100.10], reject=550 5.1.1 <\"a... User unknown{new string('x', 700)}\"@example.org>";
        var shortened = $"{name[..100]}...{name[^100..]}";
        var message = $"{Id}: ruleset=check_rcpt, arg1={name}, relay=[203.0.113.5], reject=550 5.1.1 {shortened}... User unknown";
        var first = $"Nov 30 02:40:55 mail1 sm-mta[19520]: {message}";
        var cut = $"Nov 30 02:41:11 mail1 sm-mta[19520]: message repeated 2 times: [{(" " + message)[..800]}]";

        (await Told(first, cut, End)).Should().HaveCount(3).And.OnlyContain(offense => offense.Peer.Equals(IPAddress.Parse("203.0.113.5")));
        (await Told(cut, End)).Should().BeEmpty();
        var others = new[] { first, End }.Select(line => line.Replace("19520", "19521", StringComparison.Ordinal)).ToArray();
        (await Told(others[0], cut, others[1], End)).Should().ContainSingle("it is another process");
    }

    [TestCase("from=<a@b.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay=[198.51.100.10]")]
    [TestCase("[198.51.100.10]: Possible SMTP RCPT flood, throttling.")]
    public async Task What_names_a_client_names_nobody_when_it_comes_again(string text)
    {
        var told = await Told(First, $"Nov 30 02:41:11 mail1 sm-mta[19520]: message repeated 2 times: [ {Id}: {text}]", End);

        told.Should().ContainSingle().Which.Peer.Should().Be(IPAddress.Parse("203.0.113.5"));
    }

    [TestCase("postfix/smtpd[7]", "NOQUEUE: reject: RCPT from unknown[203.0.113.5]: 550 5.1.1 <anna@example.org>: "
        + "Recipient address rejected: User unknown in local recipient table; from=<a@b.example> to=<anna@example.org> "
        + "proto=ESMTP helo=<x>")]
    [TestCase("exim[7]", "H=(x) [203.0.113.5] F=<> rejected RCPT <anna@example.org>: Unrouteable address")]
    [TestCase("sm-mta[7]", "6AU2ex45000007: [203.0.113.5]: VRFY anna")]
    public async Task The_lines_of_every_mail_server_count_when_they_come_again(string program, string text)
    {
        var log = $"Nov 30 02:40:55 mail1 {program}: {text}\nNov 30 02:41:11 mail1 {program}: message repeated 4 times: [ {text}]\n";
        var alone = program[..2] switch { "po" => Mailer.Postfix, "ex" => Mailer.Exim, _ => Mailer.Sendmail };
        foreach (var mailer in new[] { default, alone })
        {
            var told = await Told(new MemoryLogSource(Encoding.UTF8.GetBytes(log)), options =>
            {
                options.Mailer = mailer;
                options.CountProbes = true;
            });

            // Exim's main and reject log come as two equal lines each.
            told.Should().HaveCount(alone == Mailer.Exim ? 3 : 5).And.OnlyContain(
                offense => offense.RecipientKey != 0 && offense.RecipientKey == told[0].RecipientKey);
        }
    }

    [Test]
    public async Task A_guess_that_is_told_late_is_not_that_of_a_process_that_came_later()
    {
        var asked = new List<DateTimeOffset?>();
        await using var engine = new RunningEngine(options => options.PeerLookup = new NotingLookup(asked));

        await engine.Log.WriteAsync(
            new LogText().Line(7, "<anna@example.org>... User unknown").Text("last message repeated 2 times"));

        asked.Should().HaveCount(3);
        asked[0].Should().BeNull("it was written just now");
        asked[1..].Should().OnlyContain(time => time != null);
    }

    private static Task<List<Offense>> Told(params string[] lines) =>
        Told(new MemoryLogSource(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")));

    private static async Task<List<Offense>> Told(ILogSource source, Action<ReplayOptions>? configure = null)
    {
        var policy = new NotingPolicy();
        var options = new ReplayOptions { FirstYear = 2026, TimeZone = TimeZoneInfo.Utc };
        configure?.Invoke(options);
        await new LogReplay(source, policy, options).RunAsync();
        return policy.Offenses;
    }

    private sealed class Chunks(LogChunk[] chunks) : ILogSource
    {
        public async IAsyncEnumerable<LogChunk> ReadAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            foreach (var chunk in chunks)
                yield return chunk;
        }
    }

    private sealed class NotingLookup(List<DateTimeOffset?> asked) : IPeerLookup
    {
        public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore)
        {
            asked.Add(startedBefore);
            return PeerLookupResult.NotFound(PeerLookupOutcome.NoConnection);
        }
    }
}
