using System.Globalization;
using System.Net;
using BlockSmtp.Milter;
using BlockSmtp.Policies;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;
using static BlockSmtp.Tests.Milter.MilterClient;

namespace BlockSmtp.Tests.Milter;

/// <summary>What the gate says to whom, and what it reports.</summary>
public sealed class MailGateTests
{
    private const string Refusal = "y421 4.7.0 Not now\0";
    private const string Unknown = "y550 5.1.1 User unknown\0";

    private RunningEngine _running = null!;
    private MailGate _gate = null!;

    [SetUp]
    public void Start() => _running = new RunningEngine(options => (options.JoinsMilter, options.KeepRecipients) = (true, true));

    [TearDown]
    public async Task Stop()
    {
        await _gate.DisposeAsync();
        await _running.DisposeAsync();
    }

    [Test]
    public async Task The_guess_that_is_one_too_many_ends_the_session()
    {
        using var client = await OpenAsync("203.0.113.7");
        for (var i = 1; i <= 3; i++)
            (await client.RecipientAsync($"<nosuch{i}@example.org>", "error", "5.1.1")).Should().Be("c");

        (await client.RecipientAsync("<nosuch4@example.org>", "error", "5.1.1")).Should().Be(Refusal);

        _running.Engine.Blocks.Should().ContainSingle().Which.Evidence!.Source.Should().Be(PeerSource.Milter);
        _running.Engine.Blocks[0].Evidence!.Recipients.Should().Equal(
            "<nosuch1@example.org>", "<nosuch2@example.org>", "<nosuch3@example.org>", "<nosuch4@example.org>");
    }

    [Test]
    public async Task What_was_accepted_in_the_transaction_is_told_with_a_wrong_name_each_user_once()
    {
        using var client = await OpenAsync("203.0.113.7");
        foreach (var right in (string[])[
            "<anna@example.org>", "<Anna+1@example.net>", "<(1)anna@example.org>", "<(2)anna@example.org>", "<bob@example.org>"])
            (await client.RecipientAsync(right)).Should().Be("c");

        await client.RecipientAsync("<nosuch1@example.org>", "error", "5.1.1");
        await client.AskAsync(Packet('M', "<a@b.example>\0"));
        await client.RecipientAsync("<nosuch2@example.org>", "error", "5.1.1");

        var explained = _running.Engine.Explain(IPAddress.Parse("203.0.113.7"));
        explained.Offenses.Select(offense => offense.AcceptedBefore).Should().Equal(2, 0);
    }

    [TestCase(true, 14, true)]
    [TestCase(false, 4, false)]
    public async Task A_list_is_let_in_again_of_whose_recipients_nearly_all_are_right_and_one_user_in_many_spellings_is_no_list(
        bool areDifferent, int wrong, bool isLetIn)
    {
        await _running.DisposeAsync();
        _running = new RunningEngine(options => options.JoinsMilter = true, policy: new BalancePolicy());
        using var client = await OpenAsync("203.0.113.7");
        for (var i = 0; i < 120; i++)
            (await client.RecipientAsync(areDifferent ? $"<user{i}@example.org>" : $"<user+{i}@example.org>")).Should().Be("c");
        for (var i = 1; i < wrong; i++)
            (await client.RecipientAsync($"<nosuch{i}@example.org>", "error", "5.1.1")).Should().Be("c");
        (await client.RecipientAsync("<nosuch0@example.org>", "error", "5.1.1")).Should().Be(Refusal);

        client.Dispose();

        await Eventually.IsTrue(() => _gate.Connections == 0, "the transaction is over");
        _running.Engine.Blocks.Should().HaveCount(isLetIn ? 0 : 1);
    }

    [TestCase("<({1})nosuch{0}@example.org({2})>")]
    [TestCase("<nosuch{0}@example.org>")]
    public async Task The_fourth_wrong_name_is_the_last_however_long_it_is(string pattern)
    {
        await _running.DisposeAsync();
        _running = new RunningEngine(options => options.JoinsMilter = true, policy: new BalancePolicy());
        using var client = await OpenAsync("203.0.113.7");
        string Name(int number) =>
            string.Format(CultureInfo.InvariantCulture, pattern, number, new string('A', 110), new string('B', 110));
        for (var i = 1; i < 4; i++)
            (await client.RecipientAsync(Name(i), "error", "5.1.1")).Should().Be("c");

        (await client.RecipientAsync(Name(4), "error", "5.1.1")).Should().Be(Refusal);
    }

    [Test]
    public async Task Who_is_blocked_gets_nowhere_in_any_session()
    {
        using var before = await OpenAsync("203.0.113.7");
        await _running.Engine.BlockAsync(IPNetwork.Parse("203.0.113.0/24"), TimeSpan.FromHours(1), "by hand");

        (await before.RecipientAsync("<alice@example.org>")).Should().Be(Refusal);
        (await before.AskAsync(Packet('M', "<a@b.example>\0"))).Should().Be(Refusal);
        using var later = await NegotiateAsync(_gate.Address);
        (await later.AskAsync(Connect("203.0.113.8"))).Should().Be(Refusal);
        using var other = await OpenAsync("203.0.114.8");
        (await other.RecipientAsync("<alice@example.org>")).Should().Be("c");
    }

    [Test]
    public async Task The_last_answer_waits_until_the_session_could_be_ended()
    {
        using var client = await OpenAsync("203.0.113.7", options => options.Hold = TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
            await client.RecipientAsync("<nosuch@example.org>", "error", "5.1.1");

        var last = client.RecipientAsync("<nosuch@example.org>", "error", "5.1.1");
        await Eventually.IsTrue(() => _running.Engine.Blocks.Count == 1, "it is blocked");
        last.IsCompleted.Should().BeFalse();

        await Eventually.IsTrue(
            () =>
            {
                _running.Time.Advance(TimeSpan.FromSeconds(0.5));
                return last.IsCompleted;
            },
            "it is answered");
        (await last).Should().Be(Refusal);
    }

    [Test]
    public async Task After_refusals_that_it_was_not_shown_it_waits_for_the_log_to_tell_what_they_were()
    {
        using var client = await OpenAsync("203.0.113.7");
        (await client.RecipientAsync("<shown@example.org>", "error", "5.1.1")).Should().Be("c");
        (await client.RecipientAfterAsync(1)).Should().Be("c", "that one was shown");

        var next = client.RecipientAfterAsync(4);
        var log = new LogText();
        foreach (var name in new[] { "a", "b", "c" })
            log.Line(20703, $"<{name}@virtual.example>... No such user here");
        await _running.Log.WriteAsync(log.End(20703, "203.0.113.7"));
        await UntilAsync(next, TimeSpan.FromMilliseconds(10));

        (await next).Should().Be(Refusal);
    }

    [Test]
    public async Task Refusals_that_the_log_calls_no_guesses_cost_a_moment_and_no_more()
    {
        using var client = await OpenAsync("203.0.113.7");

        var next = client.RecipientAfterAsync(5);
        await UntilAsync(next, TimeSpan.FromMilliseconds(100));

        (await next).Should().Be("c");
        _running.Seen.Offenses.Should().Be(0);
        (await client.RecipientAfterAsync(5)).Should().Be("c", "there were no more since");
    }

    [Test]
    public async Task It_may_answer_all_names_alike()
    {
        using var client = await OpenAsync("203.0.113.7", options => options.Denial = GateDenial.Alike);
        await _running.Engine.BlockAsync(IPNetwork.Parse("203.0.113.7/32"), TimeSpan.FromHours(1), "by hand");

        (await client.RecipientAsync("<nosuch@example.org>", "error", "5.1.1")).Should().Be("c");
        (await client.RecipientAsync("<alice@example.org>")).Should().Be(Unknown);
        using var later = await NegotiateAsync(_gate.Address);
        (await later.AskAsync(Connect("203.0.113.7"))).Should().Be("c");
    }

    [Test]
    public async Task It_may_only_report()
    {
        using var client = await OpenAsync("203.0.113.7", options => options.ReportsOnly = true);
        for (var i = 0; i < 5; i++)
            (await client.RecipientAsync("<nosuch@example.org>", "error", "5.1.1")).Should().Be("c");

        _running.Engine.Blocks.Should().ContainSingle();
    }

    [Test]
    public async Task In_a_trial_it_refuses_nobody_until_that_is_over()
    {
        using var client = await OpenAsync("203.0.113.7", options => options.ReportsOnlyUntil = _running.Time.GetUtcNow().AddHours(1));
        for (var i = 0; i < 5; i++)
            (await client.RecipientAsync("<nosuch@example.org>", "error", "5.1.1")).Should().Be("c");
        _running.Engine.Blocks.Should().ContainSingle();

        _running.Time.Advance(TimeSpan.FromHours(1));

        (await client.RecipientAsync("<alice@example.org>")).Should().Be(Refusal);
    }

    [Test]
    public async Task A_recipient_that_is_accepted_takes_no_memory()
    {
        const int Count = 20_000;
        using var client = await OpenAsync("203.0.113.7");
        byte[] packets = [.. Macros('R', "{rcpt_mailer}", "local", "{rcpt_host}", ""), .. Packet('R', "<alice@example.org>\0")];
        client.Repeat(packets, Count / 10);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        client.Repeat(packets, Count);

        // Of all threads, those of the tests' own parts too; an object for each would be more.
        ((GC.GetTotalAllocatedBytes(precise: true) - before) / Count).Should().BeLessThan(20);
    }

    [TestCase("local", "", TestName = "A recipient that is taken is no guess")]
    [TestCase("error", "5.7.1", TestName = "Relaying is no guess")]
    [TestCase("error", "4.1.1", TestName = "A temporary refusal is no guess")]
    public async Task No_guess(string mailer, string host)
    {
        using var client = await OpenAsync("203.0.113.7");
        for (var i = 0; i < 6; i++)
            (await client.RecipientAsync("<alice@example.org>", mailer, host)).Should().Be("c");

        _running.Seen.Offenses.Should().Be(0);
    }

    [Test]
    public async Task A_good_name_that_Postfix_shows_like_a_refused_one_is_taken_for_what_it_is()
    {
        using var client = await OpenAsync("203.0.113.7", options => options.Denial = GateDenial.Alike, queueId: "");

        (await client.RecipientAsync("<ann@virtual.example>", "error", "5.1.1 User unknown in virtual alias table")).Should().Be("c");
        _running.Seen.Offenses.Should().Be(0);
        await _running.Engine.BlockAsync(IPNetwork.Parse("203.0.113.7/32"), TimeSpan.FromHours(1), "by hand");

        (await client.RecipientAsync("<ann@virtual.example>", "error", "5.1.1 User unknown in virtual alias table"))
            .Should().Be(
                "y550 5.1.1 <ann@virtual.example>: Recipient address rejected: User unknown in local recipient table\0",
                "Postfix words it so");
    }

    [Test]
    public async Task What_Postfix_logs_and_shows_counts_once_whoever_tells_first()
    {
        using var client = await OpenAsync("203.0.113.7", queueId: "");
        await _running.Log.WriteAsync(Refusals("name0", "name1"));
        foreach (var name in new[] { "name0", "name1", "name2" })
            (await client.RecipientAsync($"<{name}@example.org>", "error", "5.1.1")).Should().Be("c");
        await _running.Log.WriteAsync(Refusals("name2"));

        _running.Seen.Offenses.Should().Be(3);
        _running.Engine.Blocks.Should().BeEmpty();
        await _running.Log.WriteAsync(Refusals("name2"));
        _running.Engine.Blocks.Should().ContainSingle();
    }

    [Test]
    public async Task A_program_of_the_machine_itself_is_let_through()
    {
        using var client = await OpenAsync("203.0.113.7");

        (await client.AskAsync(Packet('C', "localhost\0U"))).Should().Be("a");
    }

    [Test]
    public async Task A_line_of_the_log_about_what_it_has_told_counts_no_more()
    {
        using var client = await OpenAsync("203.0.113.7");
        for (var i = 0; i < 3; i++)
            await client.RecipientAsync($"<name{i}@example.org>", "error", "5.1.1");

        await _running.Log.WriteAsync(new LogText().Unknown(20703, 3).End(20703, "203.0.113.7"));

        _running.Seen.Offenses.Should().Be(3);
        _running.Engine.Blocks.Should().BeEmpty();
    }

    private async Task<MilterClient> OpenAsync(string address, Action<MailGateOptions>? configure = null, string queueId = "6ANHntrU020703")
    {
        if (_gate?.Connections is null or 0)
        {
            var options = new MailGateOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), Text = "Not now", Hold = TimeSpan.Zero };
            configure?.Invoke(options);
            if (_gate is not null)
                await _gate.DisposeAsync();
            _gate = MailGate.Start(_running.Engine, options, _running.Time);
        }

        var client = await NegotiateAsync(_gate.Address);
        (await client.AskAsync(Connect(address))).Should().Be("c");
        (await client.AskAsync(queueId.Length == 0 ? Macros('M') : Macros('M', "i", queueId), Packet('M', "<a@b.example>\0")))
            .Should().Be("c");
        return client;
    }

    /// <summary>Lets the time go on, in steps, until a reply is there.</summary>
    private Task UntilAsync(Task reply, TimeSpan step) => Eventually.IsTrue(
        () =>
        {
            _running.Time.Advance(step);
            return reply.IsCompleted;
        },
        "it is answered");

    private static LogText Refusals(params string[] names)
    {
        var log = new LogText();
        foreach (var name in names)
        {
            log.Text(
                $"postfix/smtpd[22129]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: 550 5.1.1 <{name}@example.org>: "
                + "Recipient address rejected: "
                + $"User unknown in local recipient table; from=<a@b.example> to=<{name}@example.org> proto=ESMTP helo=<x>");
        }

        return log;
    }
}
