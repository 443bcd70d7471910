using System.Globalization;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// What clients have written to be taken for others, for better or for more than they are: each of these has worked
/// once, beside the real sendmail.
/// </summary>
[TestFixture]
internal sealed class ForgeryTests
{
    private const string Friend = "198.51.100.10";
    private const string Guesser = "203.0.113.40";

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private SendmailLab _lab = null!;

    [SetUp]
    public void StartSendmail() => _lab = SendmailLab.Start(new LabSettings { Throttle = 0 });

    [TearDown]
    public void EndSendmail() => _lab?.Dispose();

    // The first copy of a refused recipient is logged whole, the second one shortened: the place of a relay in a
    // comment looked like the only one.
    [TestCase("(a{0}, relay=[198.51.100.10], reject=550 5.1.1 <(a{0}... User unknown){1})x@z.example")]
    [TestCase("(a{0}, relay=[198.51.100.10], reject=550 5.1.1 <(a{0}... User unknown)\t{1})x@z.example")]
    [TestCase("\"a{0}, relay=[198.51.100.10], reject=550 5.1.1 <\"a{0}... User unknown{1}\"@z.example")]
    public async Task Another_host_in_a_recipient_that_is_too_long_for_the_log_is_not_blamed(string pattern)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        for (var i = 0; i < 12; i++)
        {
            await using var session = await _lab.ConnectAsync($"203.0.113.{50 + i}");
            await session.SayAsync("EHLO x");
            await session.SayAsync("MAIL FROM:<a@b.example>");
            await session.SendAsync(
                $"RCPT TO:<{string.Format(Invariant, pattern, i, new string('p', 145))}>");
            session.Abort();
        }

        await daemon.HasJudgedAllUntilNow("203.0.113.41");
        _lab.Drops(Friend).Should().BeFalse();
    }

    [TestCase("VRFY")]
    [TestCase("EXPN")]
    public async Task A_name_in_the_middle_of_a_command_that_the_log_shortens_is_another_each_time(string command)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.SayAsync("EHLO x");
        for (var i = 0; i < 20 && !session.HasEnded; i++)
        {
            await session.SayAsync($"{command} ({new string('p', 110)})n{i}({new string('q', 110)})");
            await Task.Delay(50);
        }

        session.HasEnded.Should().BeTrue();
        await daemon.Blocks(Guesser);
    }

    [Test]
    public async Task Each_name_of_a_list_that_VRFY_takes_is_asked_for()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.SayAsync("EHLO x");
        await session.SayAsync("VRFY alice,bob,nosuch1,nosuch2,nosuch3,carol");

        await daemon.Blocks(Guesser);
    }

    // What sendmail takes for a letter is logged without its eighth bit, as a blank or a bracket: the line reads like one of its own.
    [TestCase("RCPT TO:to=x,\u00a0delay=<n{0}@example.org>")]
    [TestCase("RCPT TO:---\u00a0<n{0}@example.org>")]
    [TestCase("RCPT TO:Milter:\u00a0to=x,\u00a0reject=451\u00a0x<n{0}@example.org>")]
    [TestCase("RCPT TO:x\u00a0[198.51.100.10]:\u00a0VRFY\u00a00<n{0}@example.org>")]
    // Any part of such a line may be the name.
    [TestCase("RCPT TO:\u00bc--\u00a0x:n{0};")]
    [TestCase("RCPT TO:ruleset=check_rcpt,\u00a0arg1=x,\u00a0relay=<n{0}@example.org>")]
    [TestCase("RCPT TO:Milter:\u00a0to=x,\u00a0reject=550\u00a05.1.1\u00a0<n{0}@example.org>")]
    [TestCase("RCPT TO:x\u00a0[<n{0}@example.org>]:\u00a0VRFY\u00a0a")]
    // The log shows the first hundred characters and the last: in the middle a comment is opened, or the last bracket closed.
    [TestCase("RCPT TO:{101p}({70m} [198.51.100.10]: VRFY zz)<n{0}@example.org>")]
    [TestCase("RCPT TO:<-- (<{95p})<n{0}@example.org>>({100q})")]
    // Blanks around a verb.
    [TestCase(" VRFY n{0}")]
    [TestCase("\tEXPN n{0}")]
    [TestCase("VRFY\u000bn{0}")]
    [TestCase("VRFY\u000c n{0}")]
    public async Task No_spelling_hides_a_guess_or_has_it_blamed_on_another_host(string pattern)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        for (var i = 0; i < 40 && !_lab.Drops(Guesser); i++)
        {
            var filled = System.Text.RegularExpressions.Regex.Replace(
                pattern, @"\{(\d+)(\w)\}", match => new string(match.Groups[2].Value[0], int.Parse(match.Groups[1].Value, Invariant)));
            await using var session = await _lab.ConnectAsync(Guesser);
            await session.BeginAsync();
            await session.SayAsync(string.Format(Invariant, filled, i));
            await session.QuitAsync();
            await Task.Delay(50);
        }

        await daemon.Blocks(Guesser);
        _lab.Drops(Friend).Should().BeFalse();
    }

    // The log has letters without their eighth bit: which of the brackets in one text were brackets, it does not say.
    [Test]
    public async Task Names_that_are_one_text_in_the_log_are_as_many_as_were_asked_for([Values] bool isComment)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.SayAsync("EHLO x");
        await session.SayAsync("MAIL FROM:<a@b.example>");
        for (var i = 0; i < 20 && !session.HasEnded; i++)
        {
            await session.SayAsync("RCPT TO:" + (isComment ? InComments("gone", i) : InBrackets(i, 20)));
            await Task.Delay(50);
        }

        await daemon.Blocks(Guesser);
        session.UnknownUsers.Should().BeInRange(4, 8, "the fourth is one too many, and one or two more are on their way");
    }

    private static string InBrackets(int asked, int names) =>
        string.Concat(Enumerable.Range(0, names).Select(name => name == asked ? $"<n{name}>" : $"\u00bcn{name}\u00be"));

    /// <summary>A name of the letters of one text: comments hide the others, and hold what the log takes for their ends.</summary>
    private static string InComments(string letters, int number)
    {
        var asked = letters + number.ToString(Invariant);
        var (text, next, isInComment) = ("<", 0, false);
        foreach (var letter in letters + "01234567890123456789")
        {
            var isAsked = next < asked.Length && asked[next] == letter;
            next += isAsked ? 1 : 0;
            text += isInComment ? '\u00a8' : '(';
            text += isAsked ? ")\"\"" : "\u00a9\u00a2\u00a2";
            text += letter;
            isInComment = !isAsked;
        }

        return text + (isInComment ? "\u00a8)>" : "()>");
    }

    // One mailbox: as a comment of many commas, and in many spellings.
    [TestCase("({1})alice", 3)]
    [TestCase("({0})alice@example.org", 12)]
    [TestCase("alice+{0}@example.org", 12)]
    [TestCase("<f{0}@example.org>,<alice@example.org>", 12)]
    [TestCase("<f{0}@example.org><alice@example.org>", 12)]
    public async Task One_mailbox_earns_once_however_it_is_written(string pattern, int messages)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.SayAsync("EHLO x");
        for (var i = 0; i < messages; i++)
        {
            var commas = string.Join(',', Enumerable.Range(0, 20).Select(name => $"<n{i}x{name}>"));
            await session.SayAsync("MAIL FROM:<a@b.example>");
            var accepted = await session.SayAsync(
                "RCPT TO:" + string.Format(Invariant, pattern, i, commas));
            accepted.Should().StartWith("250");
            await session.SayAsync("DATA");
            await session.SayAsync("Subject: hello\r\n\r\nhello\r\n.");
        }

        await _lab.HasDeliveredTo(messages);
        // Each in a session of its own, so that no slack is left when it ends.
        for (var i = 0; i < 20 && !_lab.Drops(Guesser); i++)
        {
            await using var next = await _lab.ConnectAsync(Guesser);
            await next.BeginAsync();
            await next.GuessAsync(1);
            await next.QuitAsync();
            await Task.Delay(50);
        }

        await daemon.Says($"blocked {Guesser}");
        daemon.Output.Should().Contain(line => System.Text.RegularExpressions.Regex.IsMatch(
            line, "blocked 203.0.113.40 .*: [4-6] wrong names within 1d, [12] recipients delivered to"));
    }

    // The receipt of a message to a user that is known goes to the sender, before the eyes of a client that has said VERB. Of a sender that
    // is so long that the log cuts it, or has a comma and a blank in quotes, nothing was known.
    [TestCase("<guess{0}@example.org>")]
    [TestCase("guess{0}@example.org({1}{1}cccccccccc)")]
    [TestCase("({1})guess{0}@example.org({1}cccccccccccccccccccc)")]
    [TestCase("\"x, y\"<guess{0}@example.org>")]
    [TestCase("(x, y)guess{0}@example.org")]
    public async Task Who_has_receipts_tell_whether_a_sender_exists_guesses(string sender)
    {
        const string Failed = "stat=User unknown";
        var padding = new string('c', 100);
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        for (var i = 0; i < 20 && !_lab.Drops(Guesser); i++)
        {
            // What is shown of the delivery is not an answer that a session could be kept in step by.
            await using var session = await _lab.ConnectAsync(Guesser);
            await session.SayAsync("EHLO x");
            (await session.SayAsync("VERB")).Should().StartWith("250");
            await session.SayAsync($"MAIL FROM:{string.Format(Invariant, sender, i, padding)}");
            await session.SendAsync("RCPT TO:<alice@example.org> NOTIFY=SUCCESS", "DATA");
            await Task.Delay(100);
            await session.SendAsync("Subject: hello", "", "hello", ".");
            await Eventually.IsTrue(
                () => _lab.Log().Any(line =>
                    line.Contains($"guess{i}@", StringComparison.Ordinal) && line.EndsWith(Failed, StringComparison.Ordinal)),
                "the receipt has failed");
            // Else the next connection might be tried just before the rule is there, and wait for its end.
            await Task.Delay(300);
        }

        await daemon.Says($"blocked {Guesser}");
        await daemon.Blocks(Guesser);
        _lab.Log().Count(line => line.EndsWith(Failed, StringComparison.Ordinal))
            .Should().BeInRange(4, 8, "one user that is known makes up for one name at most");
    }

    [Test]
    public async Task Recipients_in_a_comment_of_the_sender_were_not_accepted()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.SayAsync("EHLO x");
        (await session.SayAsync("MAIL FROM:<a(, size=99, class=0, nrcpts=1000, proto=ESMTP, x)@b.example>")).Should().StartWith("250");

        await session.GuessAsync(20, apart: TimeSpan.FromMilliseconds(50));

        session.HasEnded.Should().BeTrue();
        await daemon.Blocks(Guesser);
        await daemon.HasJudgedAllUntilNow("203.0.113.41");
        daemon.Output.Should().NotContain(line => line.Contains("unfounded", StringComparison.Ordinal));
    }

    // At the usual LogLevel no answer is logged: what reads like one, and like the refusal behind it, are two guesses.
    [Test]
    public async Task A_guess_that_reads_like_the_answer_to_the_next_one_is_a_guess()
    {
        var (begin, end) = ($"z1({new string('c', 83)}", $"{new string('d', 99)})");
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.SayAsync("EHLO x");
        for (var i = 0; i < 60 && !session.HasEnded; i++)
        {
            await session.SayAsync("MAIL FROM:<a@b.example>");
            await session.SayAsync($"RCPT TO:---\u00a0550\u00a05.1.1\u00a0{begin})<guess{i}@example.org>({end}");
            await session.SayAsync($"RCPT TO:{begin}...{end}");
            await session.SayAsync("RSET");
            await Task.Delay(50);
        }

        session.HasEnded.Should().BeTrue();
        session.UnknownUsers.Should().BeLessThan(40, "eight of them are let pass");
        await daemon.Blocks(Guesser);
    }
}
