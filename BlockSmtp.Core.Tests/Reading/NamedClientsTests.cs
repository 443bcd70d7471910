using System.Net;
using System.Text;
using BlockSmtp.Engine;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Reading;

/// <summary>What a policy is told of the logs of Postfix and Exim.</summary>
public sealed class NamedClientsTests
{
    private const string Guess = ": 550 5.1.1 <NAME@example.org>: Recipient address rejected: User unknown in local recipient table; "
        + "from=<> to=<NAME@example.org> proto=ESMTP helo=<x>";

    private static readonly IPAddress Host = IPAddress.Parse("203.0.113.20");

    [Test]
    public async Task The_guesses_of_a_session_of_Postfix_have_its_number_and_its_end()
    {
        var policy = await Replay(
            "Nov 23 18:00:01 mail1 postfix/smtpd[7]: connect from unknown[203.0.113.20]",
            Refusal(7, "203.0.113.20", "Anna"),
            Refusal(7, "203.0.113.20", "bob"),
            "Nov 23 18:00:03 mail1 postfix/smtpd[7]: disconnect from unknown[203.0.113.20] ehlo=1 mail=1 "
                + "rcpt=2/4 data=1 quit=1 commands=6/8",
            Refusal(7, "203.0.113.21", "anna"),
            Refusal(8, "203.0.113.20", "bob"));

        policy.Offenses.Should().OnlyContain(offense => offense.Source == PeerSource.SameLine
            && offense.Sender == SenderKind.Null
            && offense.RecipientKey != 0
            && offense.Transaction != 0);
        policy.Offenses.Select(offense => offense.Peer.ToString())
            .Should().Equal("203.0.113.20", "203.0.113.20", "203.0.113.21", "203.0.113.20");
        policy.Offenses[0].Transaction.Should().Be(policy.Offenses[1].Transaction);
        policy.Offenses.Select(offense => offense.Transaction).Distinct().Should().HaveCount(3, "a process serves many clients");
        policy.Offenses[0].RecipientKey.Should().Be(policy.Offenses[2].RecipientKey);
        policy.Ends.Should().ContainSingle().Which.Should().Be(
            new TransactionEnd(Host, new DateTimeOffset(2026, 11, 23, 18, 0, 3, TimeSpan.Zero), policy.Offenses[0].Transaction)
            {
                Sender = SenderKind.Null,
                Recipients = 2,
                Messages = 1,
                IsTaken = true,
            });
    }

    [Test]
    public async Task The_bounces_of_a_session_stay_bounces_when_one_of_its_senders_has_a_name()
    {
        string[] lines =
        [
            Refusal(7, "203.0.113.20", "joe", "joe@v.example"),
            .. Enumerable.Range(0, 8).Select(i => Refusal(7, "203.0.113.20", $"forged{(char)('a' + i)}")),
            "Nov 23 18:00:03 mail1 postfix/smtpd[7]: disconnect from unknown[203.0.113.20] ehlo=1 mail=9 rcpt=0/9 rset=9 quit=1 "
                + "commands=20/29",
        ];
        var policy = await Replay(lines);

        policy.Offenses.Select(offense => offense.Sender)
            .Should().Equal([SenderKind.Named, .. Enumerable.Repeat(SenderKind.Null, 8)]);
        policy.Ends.Select(end => (end.Sender, end.Messages, end.Transaction)).Should().Equal(
            (SenderKind.Null, 8, policy.Offenses[1].Transaction), (SenderKind.Named, 9, policy.Offenses[0].Transaction));
        IsReleased(policy).Should().BeTrue();
    }

    [Test]
    public async Task What_goes_on_under_a_name_is_no_bounce()
    {
        string[] lines =
        [
            Refusal(7, "203.0.113.20", "first"),
            .. Enumerable.Range(0, 4).Select(i => Refusal(7, "203.0.113.20", $"n{(char)('a' + i)}", "joe@v.example")),
            "Nov 23 18:00:03 mail1 postfix/smtpd[7]: disconnect from unknown[203.0.113.20] ehlo=1 mail=9 rcpt=0/5 rset=9 quit=1 "
                + "commands=20/25",
        ];

        IsReleased(await Replay(lines)).Should().BeFalse();
    }

    [Test]
    public async Task A_recipient_that_is_refused_later_was_not_right()
    {
        var policy = await Replay(
            Refusal(7, "203.0.113.20", "anna").Replace("RCPT from", "DATA from", StringComparison.Ordinal),
            "Nov 23 18:00:03 mail1 postfix/smtpd[7]: disconnect from unknown[203.0.113.20] ehlo=1 mail=1 rcpt=1 data=0/1 quit=1 "
                + "commands=4/5");

        policy.Ends.Should().ContainSingle().Which.Should().Match<TransactionEnd>(end => end.Recipients == 0 && end.Messages == 1);
    }

    [Test]
    public async Task The_end_of_another_clients_session_ends_nothing()
    {
        var policy = await Replay(
            Refusal(7, "203.0.113.20", "anna"),
            "Nov 23 18:00:03 mail1 postfix/smtpd[7]: disconnect from unknown[203.0.113.21] ehlo=1 mail=1 "
                + "rcpt=9 data=1 quit=1 commands=6/8");

        policy.Ends.Should().BeEmpty();
    }

    [Test]
    public async Task Pieces_that_were_thrown_away_give_no_block_back()
    {
        var policy = new NotingPolicy();
        await Replay(
            policy,
            [
                .. Enumerable.Range(0, 4).Select(i => Refusal(7, "203.0.113.20", $"name{i}")),
                "Nov 23 18:00:03 mail1 postfix/smtpd[7]: disconnect from unknown[203.0.113.20] ehlo=1 mail=2 "
                    + "rcpt=40/44 bdat=1 rset=1 commands=45/49",
            ]);

        policy.Ends.Should().ContainSingle().Which.IsTaken.Should().BeFalse();
    }

    [Test]
    public async Task Who_sends_in_pieces_earns_by_what_is_delivered()
    {
        const string Delivery = "Nov 23 18:00:01 mail1 postfix/local[9]: 936C3146: to=<userNUMBER@example.org>, relay=local, delay=0, "
            + "delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)";
        string[] guesses = [.. Enumerable.Range(0, 4).Select(i => Refusal(7, "203.0.113.20", $"name{i}"))];
        string[] sent =
        [
            "Nov 23 18:00:01 mail1 postfix/smtpd[7]: 936C3146: client=mx.example[203.0.113.20]",
            "Nov 23 18:00:01 mail1 postfix/qmgr[8]: 936C3146: from=<a@b.example>, size=278, nrcpt=8 (queue active)",
            .. Enumerable.Range(0, 8).Select(i => Delivery.Replace("NUMBER", $"{(char)('a' + i)}", StringComparison.Ordinal)),
        ];
        const string End = "Nov 23 18:00:03 mail1 postfix/smtpd[7]: disconnect from mx.example[203.0.113.20] ehlo=1 mail=1 "
            + "rcpt=8/12 bdat=3 quit=1 commands=13/17";

        (await Replay(new BlockSmtp.Policies.BalancePolicy(), [.. sent, .. guesses, End])).Hosts
            .Should().ContainSingle(host => host.Offenses == 4 && host.Blocks == 0);
        (await Replay(new BlockSmtp.Policies.BalancePolicy(), [.. guesses, End])).Hosts
            .Should().ContainSingle(host => host.Offenses == 4 && host.Blocks == 1);
    }

    [Test]
    public async Task A_message_of_Postfix_is_its_clients_and_taken_once()
    {
        var policy = await Replay(
            "Nov 23 18:00:01 mail1 postfix/smtpd[7]: 936C3146: client=mx.example[203.0.113.20]",
            "Nov 23 18:00:01 mail1 postfix/local[9]: 936C3146: to=<early@example.org>, relay=local, delay=0, delays=0/0/0/0, dsn=2.0.0, "
                + "status=sent (delivered to mailbox)",
            "Nov 23 18:00:02 mail1 postfix/qmgr[8]: 936C3146: from=<a@b.example>, size=278, nrcpt=2 (queue active)",
            "Nov 23 18:00:03 mail1 postfix/local[9]: 936C3146: to=<alice@example.org>, relay=local, delay=0, delays=0/0/0/0, dsn=2.0.0, "
                + "status=sent (delivered to mailbox)",
            "Nov 23 18:10:03 mail1 postfix/qmgr[8]: 936C3146: from=<a@b.example>, size=278, nrcpt=2 (queue active)",
            "Nov 23 18:10:04 mail1 postfix/qmgr[8]: 111C3146: from=<>, size=278, nrcpt=1 (queue active)");

        policy.Acceptances.Select(acceptance =>
            (acceptance.Kind, acceptance.Recipients, acceptance.Sender, acceptance.Peer, acceptance.Source))
            .Should().Equal(
                (AcceptanceKind.Message, 2, SenderKind.Named, Host, PeerSource.LaterLine),
                (AcceptanceKind.Delivery, 1, SenderKind.Named, Host, PeerSource.LaterLine));
    }

    [Test]
    public async Task What_Exim_writes_to_syslog_twice_counts_once()
    {
        const string Anna = "Nov 23 18:00:01 mail1 exim[14102]: 2026-11-23 18:00:01 H=(x) [203.0.113.20] F=<a@b.example> rejected RCPT "
            + "<anna@example.org>: Unrouteable address";
        var policy = await Replay(
            Anna,
            Anna.Replace("14102", "14103", StringComparison.Ordinal),
            Anna,
            Anna.Replace("anna", "bob", StringComparison.Ordinal),
            Anna.Replace("anna", "bob", StringComparison.Ordinal),
            Anna,
            Anna);

        policy.Offenses.Should().HaveCount(4, "one process has asked for Anna, Bob and Anna again, another for Anna");
    }

    [Test]
    public async Task A_message_of_Exim_is_its_clients()
    {
        var policy = await Replay(
            "2026-11-23 18:00:01 H=(x) [203.0.113.20] F=<> rejected RCPT <anna@example.org>: Unrouteable address",
            "2026-11-23 18:00:02 1xWnpV-0003Aw-08 <= c@d.example H=(ok.example) [203.0.113.20]:57365 P=esmtp S=250",
            "2026-11-23 18:00:03 1xWnpV-0003Aw-08 => alice <alice@example.org> R=local_user T=mail_spool",
            "2026-11-23 18:00:03 1xWnpV-0003Aw-08 Completed");

        policy.Offenses.Should().ContainSingle().Which.Should().Match<Offense>(offense =>
            offense.Transaction == 0 && offense.Sender == SenderKind.Null && offense.Source == PeerSource.SameLine);
        policy.Acceptances.Select(acceptance => (acceptance.Kind, acceptance.Recipients, acceptance.Sender, acceptance.Peer))
            .Should().Equal(
                (AcceptanceKind.Message, 1, SenderKind.Named, Host), (AcceptanceKind.Delivery, 1, SenderKind.Named, Host));
    }

    [Test]
    public async Task Each_of_Exims_recipients_that_the_log_does_not_show_whole_is_another_name()
    {
        var line = $"2026-11-23 18:00:01 H=(x) [203.0.113.20] F=<a@b.example> rejected RCPT {new string('J', 100)}: Unrouteable address";
        var policy = new BlockSmtp.Policies.BalancePolicy();
        var summary = await Replay(policy, [.. Enumerable.Repeat(line, 4)]);

        summary.Hosts.Should().ContainSingle(host => host.Blocks == 1);
    }

    [Test]
    public async Task A_local_sender_that_Exim_does_not_know_weighs_as_a_bounce_where_names_are_weighed()
    {
        const string Line = "2026-11-23 18:00:01 H=(x) [203.0.113.20] F=<nosuch@example.org> rejected RCPT <carol@example.org>: "
            + "Sender verify failed";

        (await Replay(Line)).Offenses.Should().ContainSingle().Which.Should().Match<Offense>(offense =>
            offense.Sender == SenderKind.Null && offense.Transaction == 0 && offense.RecipientKey != 0);
        var counted = await Replay(new BlockSmtp.Policies.CountPolicy(), [.. Enumerable.Repeat(Line, 20)]);
        counted.Hosts.Should().NotContain(host => host.Blocks > 0);
    }

    [TestCase("F=<nosuch@Example.org> rejected RCPT <x@elsewhere.example>: Sender verify failed", 1)]
    [TestCase("rejected MAIL <nosuch@example.org>: Sender verify failed", 1)]
    [TestCase("F=<nosuch@spam.example> rejected RCPT <x@elsewhere.example>: Sender verify failed", 0)]
    [TestCase("F=<nosuch@elsewhere.example> rejected RCPT <x@example.org>: Sender verify failed", 0)]
    [TestCase("rejected MAIL <nosuch@spam.example>: Sender verify failed", 0)]
    public async Task A_sender_that_Exim_does_not_know_counts_whatever_the_recipient_where_mail_for_its_domain_is_delivered(
        string refusal, int offenses)
    {
        var line = $"2026-11-23 18:00:05 H=(x) [203.0.113.20] {refusal}";

        (await Replay(line)).Offenses.Should().BeEmpty("nobody knows yet which domains are this site's");
        var policy = await Replay(
            "2026-11-23 18:00:01 H=(x) [203.0.113.20] F=<> rejected RCPT <anna@spam.example>: relay not permitted",
            "2026-11-23 18:00:02 1xWnpV-0003Aw-08 => bob@elsewhere.example R=dnslookup T=remote_smtp H=mx.elsewhere.example [192.0.2.7]",
            "2026-11-23 18:00:02 1xWnpV-0003Aw-08 => \"a@spam.example R=x T=y\"@example.org R=local_user T=mail_spool",
            "2026-11-23 18:00:03 1xWnpV-0003Aw-08 => alice <postmaster@example.org> R=local_user T=mail_spool",
            line);

        policy.Offenses.Should().HaveCount(offenses);
        policy.Offenses.All(offense => offense.Sender == SenderKind.Null && offense.RecipientKey != 0).Should().BeTrue();
    }

    private const string Mail = "2026-11-23 18:00:02 1xWnpV-0003Aw-08 => alice <postmaster@example.org> R=local_user T=mail_spool";

    [TestCase("rejected MAIL <n5@example.org>: Sender verify failed")]
    [TestCase("rejected MAIL <n5@example.org                                                                   : Sender verify failed")]
    [TestCase("F=<n5@example.org> rejected RCPT <x@elsewhere.example>: Sender verify failed")]
    [TestCase("F=<n5@example.org> rejected RCPT <x@example.org>: Sender verify failed")]
    [TestCase("F=<n5@example.org> rejected RCPT <x@example.org>: you do not exist")]
    [TestCase("F=<n5@example.org> rejected after DATA: Sender verify failed")]
    [TestCase("rejected DATA: Sender verify failed")]
    public async Task A_sender_that_Exim_tells_of_before_it_refuses_it_counts_once(string refusal)
    {
        const string Told = "2026-11-23 18:00:05 H=(x) [203.0.113.20] sender verify fail for <n5@example.org>: Unrouteable address";
        var line = $"2026-11-23 18:00:05 H=(x) [203.0.113.20] {refusal}";

        (await Replay(Mail, Told, line)).Offenses.Should().ContainSingle().Which.RecipientKey.Should().NotBe(0);
        (await Replay(Mail, Told, line, Told.Replace("n5", "n6", StringComparison.Ordinal), line)).Offenses.Should().HaveCount(2);
    }

    [Test]
    public async Task A_sender_of_another_domain_that_is_too_long_to_be_read_is_none_of_this_sites()
    {
        var refused = $"2026-11-23 18:00:05 H=(x) [203.0.113.20] rejected MAIL {new string('n', 100)}: Sender verify failed";

        (await Replay(Mail, refused)).Offenses.Should().ContainSingle();
        (await Replay(
            Mail,
            $"2026-11-23 18:00:05 H=(x) [203.0.113.20] sender verify fail for <{new string('n', 120)}@spam.example>: Unrouteable address",
            refused)).Offenses.Should().BeEmpty();
    }

    [Test]
    public async Task A_sender_in_the_recipients_domain_counts_though_nobody_knew_that_domain_when_it_was_told_of() =>
        (await Replay(
            "2026-11-23 18:00:05 H=(x) [203.0.113.20] sender verify fail for <n5@example.org>: Unrouteable address",
            "2026-11-23 18:00:05 H=(x) [203.0.113.20] F=<n5@example.org> rejected RCPT <x@example.org>: Sender verify failed"))
            .Offenses.Should().ContainSingle();

    [Test]
    public async Task A_sender_that_names_the_machine_itself_counts_without_any_mail_for_it()
    {
        var policy = new NotingPolicy();
        await using var running = new RunningEngine(policy: policy);

        string[] own =
        [
            "localhost", "localhost.localdomain", MachineName.Find().ToUpperInvariant(), "[127.0.0.1]", "[10.100.10.200]",
            "[IPv6:2001:db8::25]", "[IPv6:::1]",
        ];
        foreach (var domain in own.Append("spam.example"))
        {
            await running.Log.WriteAsync(
                new LogText().Text($"exim[7]: H=(x) [203.0.113.20] rejected MAIL <n@{domain}>: Sender verify failed"));
        }

        policy.Offenses.Should().HaveCount(own.Length);
    }

    [TestCase("mail1.example.org", "mail1.example.org", true)]
    [TestCase("mail1.example.org", "MAIL1", true)]
    [TestCase("mail1", "mail1", true)]
    [TestCase("mail1.example.org", "example.org", false)]
    [TestCase("mail1.example.org", "mail1.example.net", false)]
    [TestCase(null, "mail1", false)]
    [TestCase(null, "[192.0.2.25]", true)]
    [TestCase("", "mail1", false)]
    public void The_machines_short_name_is_its_own(string? machine, string domain, bool expected) =>
        new BlockSmtp.Transactions.OwnDomains(machine).MayHave(Encoding.UTF8.GetBytes(domain)).Should().Be(expected);

    [Test]
    public async Task What_Exim_writes_to_its_reject_log_with_a_header_is_a_copy_all_the_same()
    {
        const string Refusal = "2026-11-23 18:00:05 1xXydF-0002Mj-2B H=(x) [203.0.113.20] sender verify fail for <n5@example.org>: "
            + "Unrouteable address";
        const string Start = "Nov 23 18:00:05 mail1 exim[14102]: ";

        (await Replay(Mail, Start + Refusal, $@"{Start}[1\3] {Refusal}", $@"{Start}[2\3] Envelope-from: <n5@example.org>"))
            .Offenses.Should().ContainSingle();
    }

    [Test]
    public async Task Who_guesses_in_one_held_session_of_Postfix_is_blocked_by_the_balance_while_it_lasts()
    {
        var policy = new BlockSmtp.Policies.BalancePolicy();
        var summary = await Replay(policy, [.. Enumerable.Range(0, 4).Select(i => Refusal(7, "203.0.113.20", $"name{i}"))]);

        summary.Hosts.Should().ContainSingle(host => host.Blocks == 1);
    }

    [TestCase(20, 0)]
    [TestCase(45, 1)]
    public async Task Names_that_are_asked_for_as_senders_weigh_as_bounces_do(int names, int blocks)
    {
        var lines = Enumerable.Range(0, names).Select(SenderRefusal).ToArray();

        (await Replay(new BlockSmtp.Policies.BalancePolicy(), lines)).Hosts
            .Should().ContainSingle(host => host.Offenses == names && host.Blocks == blocks);
    }

    [Test]
    public async Task Names_that_are_asked_for_as_senders_do_not_count_where_nothing_weighs() =>
        (await Replay(new BlockSmtp.Policies.CountPolicy(), [.. Enumerable.Range(0, 10).Select(SenderRefusal)])).Hosts.Should().BeEmpty();

    /// <summary>Whether a balance that is told the same blocks the host while its session lasts, and lets it in at the end.</summary>
    private static bool IsReleased(NotingPolicy told)
    {
        var balance = new BlockSmtp.Policies.BalancePolicy();
        told.Offenses.Select(offense => balance.Judge(offense).IsBlock).Should().Contain(true);
        return told.Ends.Select(end => balance.End(end with { IsBlocked = true }).IsRelease).ToArray().Contains(true);
    }

    // Each time that a host was let in again, since what it was blocked for were bounces, it had tried more meanwhile.
    [TestCase(2, 7, 1)]
    [TestCase(9, 0, 5)]
    public async Task What_is_tried_while_a_block_is_in_force_counts_when_the_block_is_taken_back(int bounces, int others, int releases)
    {
        const int Sessions = 20;
        var tried = 0;
        var lines = Enumerable.Range(0, Sessions).SelectMany(_ => (string[])
        [
            .. Enumerable.Range(0, bounces).Select(_ => Refusal(7, "203.0.113.20", $"n{++tried}")),
            .. Enumerable.Range(0, others).Select(_ => Refusal(7, "203.0.113.20", $"n{++tried}", "a@b.example")),
            $"Nov 23 18:00:03 mail1 postfix/smtpd[7]: disconnect from unknown[203.0.113.20] ehlo=1 mail={bounces + others} "
                + $"rcpt=0/{bounces + others} rset={bounces + others} quit=1 commands=20/29",
        ]).ToArray();
        var seen = new SeenDecisions();

        await new LogReplay(
            new MemoryLogSource(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")),
            new BalancePolicy(),
            new ReplayOptions { FirstYear = 2026, TimeZone = TimeZoneInfo.Utc, Observer = seen }).RunAsync();

        seen.Lines.Count(line => line.Contains("unblock", StringComparison.Ordinal)).Should().Be(releases, string.Join('\n', seen.Lines));
        seen.Lines.Should().HaveCount((2 * releases) + 1, "the last block stays");
    }

    private static string SenderRefusal(int number) =>
        $"Nov 23 18:00:02 mail1 postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[203.0.113.20]: 550 5.1.0 <n{number}@example.org>: "
        + $"Sender address rejected: User unknown in local recipient table; from=<n{number}@example.org> to=<x@example.org> proto=ESMTP "
        + "helo=<x>";

    private static string Refusal(int process, string address, string name, string sender = "") =>
        $"Nov 23 18:00:02 mail1 postfix/smtpd[{process}]: NOQUEUE: reject: RCPT from unknown[{address}]"
        + Guess.Replace("NAME", name, StringComparison.Ordinal).Replace("from=<>", $"from=<{sender}>", StringComparison.Ordinal);

    private static async Task<NotingPolicy> Replay(params string[] lines)
    {
        var policy = new NotingPolicy();
        await Replay(policy, lines);
        return policy;
    }

    private static Task<ReplaySummary> Replay(IOffenderPolicy policy, string[] lines) =>
        new LogReplay(
            new MemoryLogSource(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")),
            policy,
            new ReplayOptions { FirstYear = 2026, TimeZone = TimeZoneInfo.Utc }).RunAsync();
}
