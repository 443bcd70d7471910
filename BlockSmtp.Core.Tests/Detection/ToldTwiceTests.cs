using System.Net;
using System.Text;
using BlockSmtp.Sendmail;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Detection;

/// <summary>What the log and a milter both tell counts once.</summary>
public sealed class ToldTwiceTests
{
    private static readonly IPAddress Host = IPAddress.Parse("203.0.113.7");

    [Test]
    public async Task A_line_of_what_a_milter_has_told_is_evidence()
    {
        await using var running = new RunningEngine(options => options.JoinsMilter = true);
        Tell(running, "name0", "name1", "name2");

        await running.Log.WriteAsync(new LogText().Unknown(20703, 3).End(20703, "203.0.113.7"));

        running.Seen.Offenses.Should().Be(3);
        running.Engine.Counters.Offenses.Should().Be(3);
        running.Engine.Blocks.Should().BeEmpty();
        running.Engine.Counters.Unresolved.Should().Be(0);
    }

    [Test]
    public async Task What_a_milter_tells_after_its_line_counts_no_more()
    {
        await using var running = new RunningEngine(options => options.JoinsMilter = true);
        await running.Log.WriteAsync(new LogText().Line(
            20703,
            "ruleset=check_rcpt, arg1=<name0@example.org>, relay=[203.0.113.7], reject=550 5.1.1 <name0@example.org>... User unknown"));

        Tell(running, "name0");

        running.Seen.Offenses.Should().Be(1);
    }

    [Test]
    public async Task Lines_that_wait_for_their_host_do_not_hold_up_what_a_milter_tells()
    {
        await using var running = new RunningEngine(options => options.JoinsMilter = true);
        await running.Log.WriteAsync(new LogText().Unknown(20703, 4));
        running.Engine.IsBlocked(Host).Should().BeFalse();

        Tell(running, "name0", "name1", "name2", "name3");
        running.Engine.IsBlocked(Host).Should().BeTrue();
        await running.Log.WriteAsync(new LogText().End(20703, "203.0.113.7"));

        running.Seen.Offenses.Should().Be(4);
    }

    [Test]
    public async Task A_name_that_the_milter_was_not_shown_counts_by_its_line()
    {
        await using var running = new RunningEngine(options => options.JoinsMilter = true);
        Tell(running, "name0", "name1");

        await running.Log.WriteAsync(new LogText().Line(20703, "<hidden@virtual.example>... No such user here").Unknown(20703, 2)
            .Line(20703, "<hidden2@virtual.example>... User unknown").End(20703, "203.0.113.7"));

        running.Seen.Offenses.Should().Be(4);
        running.Engine.IsBlocked(Host).Should().BeTrue();
    }

    [Test]
    public async Task The_same_name_twice_is_two_guesses_by_whichever_way()
    {
        await using var running = new RunningEngine(options => options.JoinsMilter = true);
        Tell(running, "name0", "name0");

        await running.Log.WriteAsync(new LogText().Unknown(20703, 1).Unknown(20703, 1).Unknown(20703, 1).End(20703, "203.0.113.7"));

        running.Seen.Offenses.Should().Be(3);
    }

    // sendmail's log has them without the eighth bit, and then nobody knows whether they are one name.
    [TestCase("m\u00fcll\u00e9r", "mC<llC)r")]
    [TestCase("m\u00fcller", "mC<ller")]
    [TestCase("a(b)c(d)", "a(b)c(d)")]
    public async Task A_name_of_odd_letters_that_both_tell_is_one_guess(string asked, string logged)
    {
        await using var running = new RunningEngine(options => options.JoinsMilter = true);
        Tell(running, asked, asked);

        await running.Log.WriteAsync(new LogText().Line(20703, $"<{logged}@example.org>... User unknown")
            .Line(20703, $"<{logged}@example.org>... User unknown").End(20703, "203.0.113.7"));

        running.Seen.Offenses.Should().Be(2);
    }

    [Test]
    public async Task Without_a_milter_every_line_counts()
    {
        await using var running = new RunningEngine();
        Tell(running, "name0");

        await running.Log.WriteAsync(new LogText().Unknown(20703, 1).End(20703, "203.0.113.7"));

        running.Seen.Offenses.Should().Be(2);
    }

    [Test]
    public async Task A_host_in_a_blocked_network_is_blocked()
    {
        await using var running = new RunningEngine();
        await running.Engine.BlockAsync(IPNetwork.Parse("203.0.113.0/24"), TimeSpan.FromMinutes(1), "by hand");

        running.Engine.IsBlocked(IPAddress.Parse("::ffff:203.0.113.9")).Should().BeTrue();
        running.Engine.IsBlocked(IPAddress.Parse("203.0.114.9")).Should().BeFalse();
        running.Time.Advance(TimeSpan.FromMinutes(1));
        running.Engine.IsBlocked(Host).Should().BeFalse();
    }

    private static void Tell(RunningEngine running, params string[] names)
    {
        foreach (var name in names)
        {
            running.Engine.Report(new Offense(Host, running.Time.GetUtcNow(), OffenseKind.UnknownRecipient)
            {
                Source = PeerSource.Milter,
                Transaction = ReportedFacts.TransactionOf("6ANHntrU020703"u8),
            }.WithRecipient(Encoding.UTF8.GetBytes($"<{name}@example.org>")));
        }
    }
}
