using BlockSmtp.Logs;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Tests.Logs;

/// <summary>Real journal files, read through libsystemd. A real journald is in the tests of the package.</summary>
public sealed class JournalLogSourceTests
{
    private const string First = "2026-11-18T11:06:41.000000Z mail1 sm-mta[13974]: ";
    private const string Second = "2026-11-18T11:06:42.000000Z mail1 sm-mta[13974]: ";

    private JournalFolder _journal = null!;
    private RecordedEvents _events = null!;
    private SourceReader? _reader;

    [SetUp]
    public void MakeJournal() => (_journal, _events, _reader) = (new(), new(), null);

    [TearDown]
    public void RemoveJournal()
    {
        _reader?.Dispose();
        _journal?.Dispose();
    }

    [Test]
    public async Task An_entry_becomes_a_line_of_syslog()
    {
        _journal.Log("6ANHntrU013974: <joe@example.org>... User unknown");
        Follow();
        (await _reader!.NextLineAsync()).Should().Be(First + "6ANHntrU013974: <joe@example.org>... User unknown");
    }

    [Test]
    public async Task The_stamp_is_the_time_at_which_the_sender_logged()
    {
        _journal.Log("late", others: "_SOURCE_REALTIME_TIMESTAMP=1794999999123456");
        Follow();
        (await _reader!.NextLineAsync()).Should().Be("2026-11-18T11:06:39.123456Z mail1 sm-mta[13974]: late");
    }

    [Test]
    public async Task The_process_is_the_one_that_the_kernel_names_and_not_the_one_that_the_sender_claims()
    {
        _journal.Log("claimed", pid: 4711, "SYSLOG_PID=1");
        Follow();
        (await _reader!.NextLineAsync()).Should().Contain(" sm-mta[4711]: ");
    }

    [TestCase("sm-mta", 0, "8ANHntrU013974: <x@example.org>... Vacant desk", Mailer.Sendmail)]
    [TestCase("postfix/smtpd", 107,
        "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x@example.org>: Recipient address rejected: Vacant desk; "
            + "from=<a@b.example> to=<x@example.org> proto=ESMTP helo=<x>",
        Mailer.Postfix)]
    [TestCase(
        "exim4", 108, "2026-11-18 11:06:41 H=(x) [203.0.113.9] F=<a@b.example> rejected RCPT <x@example.org>: Vacant desk", Mailer.Exim)]
    public void The_last_entries_are_surveyed_and_refusals_in_other_words_found(string name, int user, string message, Mailer mailer)
    {
        string[] fields = [$"SYSLOG_IDENTIFIER={name}", "_PID=13974", $"_UID={user}", "_HOSTNAME=mail1"];
        for (var i = 0; i < 3; i++)
            _journal.Write(message, fields);
        _journal.Write(message, [$"SYSLOG_IDENTIFIER={name}", "_PID=13974", "_UID=1000", "_HOSTNAME=mail1"]);
        _journal.Close();
        var source = new JournalLogSource(new() { Directory = _journal.Directory, Identifiers = [name], TrustedUsers = [user] });

        var survey = LogSurvey.Of(source.ReadLast(100).Span, new DetectionOptions());

        survey.Mailers.Should().Equal(mailer);
        survey.MailerLines.Should().Be(3, "the fourth may be anybody's");
        survey.UncountedRefusals.Should().Equal(new UncountedRefusal("Vacant desk", 3));
        LogSurvey.Of(source.ReadLast(2).Span, new DetectionOptions()).MailerLines.Should().Be(1);
    }

    [Test]
    public async Task Following_begins_at_the_end_of_what_is_there()
    {
        _journal.Log("old");
        _journal.Close();
        Follow(fromStart: false);
        _journal.Rotate();
        _journal.Log("new");
        (await _reader!.NextLineAsync()).Should().EndWith(": new");
    }

    [Test]
    public async Task What_is_logged_between_the_making_of_the_source_and_its_first_look_counts()
    {
        _journal.Log("old");
        _journal.Close();
        var source = Source(fromStart: false);
        _journal.Rotate();
        _journal.Log("new");
        _journal.Close();
        _reader = new(source);
        (await _reader.NextLineAsync()).Should().EndWith(": new");
    }

    [Test]
    public void Where_reading_begins_is_as_far_as_it_has_come()
    {
        _journal.Log("old");
        _journal.Close();
        var options = new JournalLogSourceOptions { Directory = _journal.Directory };
        using var reader = new JournalReader(options, NullLogger.Instance, default);
        var start = JournalReader.FindStart(options);

        reader.TryBegin(start).Should().BeTrue();

        reader.Position.Should().Be(start).And.NotBeNull("else a failure before the first entry would have all of them read again");
    }

    [Test]
    public async Task A_journal_without_entries_of_the_mail_server_is_followed_from_its_beginning()
    {
        _journal.Write("something else", "SYSLOG_IDENTIFIER=cron", "_PID=1", "_UID=0");
        _journal.Close();
        Follow(fromStart: false);
        _journal.Rotate();
        _journal.Log("new");
        (await _reader!.NextLineAsync()).Should().EndWith(": new");
    }

    [Test]
    public async Task What_others_log_is_left_out_whatever_it_says()
    {
        _journal.Write("sm-mta[13974]: forged", "SYSLOG_IDENTIFIER=cron", "_PID=1", "_UID=0", "_HOSTNAME=mail1");
        _journal.Log("true", others: "SYSLOG_FACILITY=2");
        Follow();
        (await _reader!.NextLineAsync()).Should().EndWith(": true");
    }

    [TestCase("_UID=33")]
    [TestCase("_GID=0")]
    public async Task Whoever_is_not_root_cannot_log_in_the_name_of_the_mail_server(string user)
    {
        for (var i = 0; i < 3; i++)
            _journal.Write("6ANHntrU013974: from=<a@b.example>, relay=[198.51.100.10]", "SYSLOG_IDENTIFIER=sm-mta", "_PID=13974", user);
        _journal.Log("true");
        Follow();
        (await _reader!.NextLineAsync()).Should().EndWith(": true");
        _events.Count(1123).Should().Be(2, "it is told at the first and at the second, and again at the fourth");
    }

    [Test]
    public async Task A_user_that_is_trusted_may()
    {
        _journal.Write("mine", "SYSLOG_IDENTIFIER=sm-mta", "_PID=1", "_UID=117", "_HOSTNAME=mail1");
        Follow(options => options.TrustedUsers = [0, 117]);
        (await _reader!.NextLineAsync()).Should().EndWith(" sm-mta[1]: mine");
    }

    [Test]
    public async Task Entries_may_be_narrowed_to_one_unit()
    {
        _journal.Log("of another", others: "_SYSTEMD_UNIT=other.service");
        _journal.Log("of sendmail", others: "_SYSTEMD_UNIT=sendmail.service");
        Follow(options => options.Unit = "sendmail.service");
        (await _reader!.NextLineAsync()).Should().EndWith(": of sendmail");
    }

    [Test]
    public async Task An_entry_is_one_line_whatever_is_in_it()
    {
        _journal.Log("one\ntwo\r\0\u001b[31m\u007fthree\n\n");
        _journal.Log("\u00e9");
        Follow();
        (await _reader!.NextLinesAsync(2)).Should().Equal(First + "one?two???[31m?three", Second + "\u00e9");
    }

    [Test]
    public async Task Without_a_host_name_a_dash_stands_for_it()
    {
        _journal.Write("x", "SYSLOG_IDENTIFIER=sendmail", "_PID=1", "_UID=0", "_HOSTNAME=two words");
        Follow();
        (await _reader!.NextLineAsync()).Should().EndWith("Z - sendmail[1]: x");
    }

    [Test]
    public async Task Long_entries_are_left_out_counted_and_told()
    {
        _journal.Log(new string('x', 70_000));
        _journal.Log(new string('y', 1_000_000));
        _journal.Log("next");
        Follow();
        (await _reader!.NextLineAsync()).Should().Be("2026-11-18T11:06:43.000000Z mail1 sm-mta[13974]: next");
        _reader.SkippedLines.Should().Be(2);
        await _events.NextAsync(1124);
    }

    [Test]
    public async Task What_journald_says_that_it_has_dropped_of_the_mail_server_is_counted()
    {
        const string Dropped = "MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e";
        string[] journald = ["SYSLOG_IDENTIFIER=systemd-journald", "_PID=210", "_UID=0", Dropped];
        _journal.Log("first", others: "_SYSTEMD_UNIT=mta.service");
        _journal.Write("Suppressed 1152 messages from sendmail.service", ["_TRANSPORT=driver", .. journald]);
        _journal.Write("Suppressed 7 messages from mta.service", ["_TRANSPORT=driver", .. journald]);
        _journal.Write("Suppressed 10000 messages from nginx.service", ["_TRANSPORT=driver", .. journald]);
        _journal.Write("Suppressed 10000 messages from sendmail.service", ["_TRANSPORT=syslog", .. journald]);
        _journal.Log("last");
        Follow();

        (await _reader!.NextLinesAsync(2))
            .Should().SatisfyRespectively(line => line.Should().EndWith(": first"), line => line.Should().EndWith(": last"));

        _reader.LostLines.Should().Be(1159, "a sender cannot say how his entry has come");
    }

    [Test]
    public async Task Many_entries_come_complete_and_in_order()
    {
        for (var i = 0; i < 3000; i++)
            _journal.Log($"{i} {new string('x', 100)}");
        Follow();
        var lines = await _reader!.NextLinesAsync(3000);
        lines.Select(line => int.Parse(line.Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture))
            .Should().Equal(Enumerable.Range(0, 3000));
    }

    [Test]
    public async Task A_rotation_and_a_vacuuming_lose_nothing()
    {
        _journal.Log("one");
        Follow();
        (await _reader!.NextLineAsync()).Should().EndWith(": one");
        _journal.Log("two");
        _journal.Close();
        _journal.Rotate();
        _journal.Log("three");
        (await _reader.NextLinesAsync(2))
            .Should().SatisfyRespectively(line => line.Should().EndWith(": two"), line => line.Should().EndWith(": three"));
        _journal.Vacuum(0);
        _journal.Log("four");
        (await _reader.NextLineAsync()).Should().EndWith(": four");
    }

    [Test]
    public async Task A_later_run_goes_on_where_an_earlier_one_has_left_off()
    {
        _journal.Log("one");
        var first = Source(fromStart: true);
        _reader = new(first);
        (await _reader.NextLineAsync()).Should().EndWith(": one");
        await _reader.CancelAsync();
        _journal.Log("two");
        _journal.Close();
        _journal.Rotate();
        _journal.Log("three");

        var second = Source(fromStart: false);
        second.Position.Should().NotBe(first.Position, "it was made after the second entry");
        second.ResumeFrom(first.Position!);
        second.Position.Should().Be(first.Position);
        _reader = new(second);
        (await _reader.NextLinesAsync(2))
            .Should().SatisfyRespectively(line => line.Should().EndWith(": two"), line => line.Should().EndWith(": three"));
    }

    [TestCase("1:2:3")]
    [TestCase("s=0123456789abcdef0123456789abcdef;i=1;b=0123456789abcdef0123456789abcdef;m=1;t=6612a0c7a1b40;x=1")]
    public async Task A_place_that_the_journal_does_not_know_is_told_and_reading_begins_as_if_there_were_none(string position)
    {
        _journal.Log("old");
        _journal.Close();
        var source = Source(fromStart: false);
        source.ResumeFrom(position);
        _journal.Rotate();
        _reader = new(source);
        _journal.Log("new");
        (await _reader.NextLineAsync()).Should().EndWith(": new");
        _events.Count(1121).Should().Be(1);
    }

    [Test]
    public void An_empty_journal_has_no_place_to_go_on_from()
    {
        _journal.Write("something else", "SYSLOG_IDENTIFIER=cron", "_PID=1", "_UID=0");
        _journal.Close();
        Source(fromStart: false).Position.Should().BeNull();
    }

    [Test]
    public async Task Cancelling_ends_it_while_it_waits()
    {
        _journal.Log("one");
        Follow();
        await _reader!.NextLineAsync();
        (await _reader.CancelAsync()).Should().BeEmpty();
    }

    [Test]
    public void A_journal_that_is_not_there_is_said_to_be_missing()
    {
        var making = () => new JournalLogSource(new JournalLogSourceOptions { Directory = "/nonexistent" });
        making.Should().Throw<FileNotFoundException>().WithMessage("*systemd-journald*log file*");
    }

    [Test]
    public void Options_without_a_name_or_a_user_are_refused()
    {
        ((Action)(() => _ = new JournalLogSource(new JournalLogSourceOptions { Identifiers = [] }))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new JournalLogSource(new JournalLogSourceOptions { Identifiers = [""] }))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new JournalLogSource(new JournalLogSourceOptions { TrustedUsers = [] }))).Should().Throw<ArgumentException>();
    }

    private JournalLogSource Source(bool fromStart, Action<JournalLogSourceOptions>? configure = null)
    {
        var options = new JournalLogSourceOptions { Directory = _journal.Directory, FromStart = fromStart };
        configure?.Invoke(options);
        return new(options, _events);
    }

    private void Follow(Action<JournalLogSourceOptions>? configure = null) => Follow(fromStart: true, configure);

    private void Follow(bool fromStart, Action<JournalLogSourceOptions>? configure = null) => _reader = new(Source(fromStart, configure));
}
