using System.Diagnostics;
using System.Net;
using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Processes;

/// <summary>
/// What befalls the sessions whose client is silent: by the socket, and by what the process does where that can't be had.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
[Category(Needs.Root)]
internal sealed class StuckSessionTests(bool tablesOnly)
{
    private const string Waiting = "sendmail: MTA: server [203.0.113.61] cmd read";

    // The shortest silence there is: what is not ended after it would not be after any.
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private SessionEnd Means => tablesOnly ? SessionEnd.Terminated : SessionEnd.Shutdown;

    [TestCase(Waiting)]
    [TestCase("sendmail: MTA: server forged.victim.example [203.0.113.25] (may be forged) cmd read")]
    [TestCase("sendmail: MTA: server [IPv6:2001:db8:0:0:0:0:a:9] cmd read")]
    [TestCase("sendmail: : server [203.0.113.61] cmd read")]
    public async Task A_session_that_waits_for_a_silent_client_is_ended(string title)
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect(from: "127.0.0.7");
        client.Tell("TITLE " + title);

        (await EndUntilGone(mailer, client)).Should().Equal(new EndedSession(client.ChildId, IPAddress.Parse("127.0.0.7"), Means));
        mailer.DaemonIsAlive.Should().BeTrue();
    }

    [TestCase("sendmail: MTA: 6ANHooha028507 [203.0.113.61]: DATA")]
    [TestCase("sendmail: MTA: 6ANHvvCH005640 [203.0.113.93]: RCPT TO:<z> server [198.51.100.10] cmd read")]
    [TestCase("sendmail: MTA: server [203.0.113.61] startup")]
    [TestCase("sendmail: MTA: serv")]
    [TestCase("sendmail: accepting connections")]
    public async Task A_session_with_another_title_is_left_alone(string title)
    {
        using var mailer = new FakeSendmail();
        var other = mailer.Connect();
        other.Tell("TITLE " + title);
        var stuck = mailer.Connect();

        (await EndUntilGone(mailer, stuck)).Should().ContainSingle().Which.ProcessId.Should().Be(stuck.ChildId);
        other.ChildIsAlive.Should().BeTrue();
    }

    [TestCase("sendmail: MTA: server [203.0.113.201] cmd re")]
    [TestCase("sendmail: MTA: server host-192-0-2-1.victim.")]
    public async Task A_session_with_a_cut_title_is_ended_when_its_socket_proves_the_silence(string title)
    {
        using var mailer = new FakeSendmail();
        var cut = mailer.Connect();
        cut.Tell("TITLE " + title);
        if (!tablesOnly)
        {
            (await EndUntilGone(mailer, cut)).Should().ContainSingle().Which.ProcessId.Should().Be(cut.ChildId);
            return;
        }

        var whole = mailer.Connect();
        (await EndUntilGone(mailer, whole)).Should().ContainSingle().Which.ProcessId.Should().Be(whole.ChildId);
        cut.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_session_whose_client_was_heard_of_lately_is_left_alone()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        var reaper = Reaper(mailer);

        for (var scan = 0; scan < 3; scan++)
            (await reaper.EndStuckSessionsAsync(TimeSpan.FromHours(1), default)).Should().BeEmpty();
        client.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task The_daemon_survives_whatever_its_title()
    {
        using var mailer = new FakeSendmail();
        var daemon = mailer.Connect();
        daemon.Tell("LISTEN");
        var stuck = mailer.Connect();

        (await EndUntilGone(mailer, stuck)).Should().ContainSingle().Which.ProcessId.Should().Be(stuck.ChildId);
        daemon.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_program_of_another_name_is_left_alone_whatever_its_title()
    {
        using var mailer = new FakeSendmail();
        using var other = new FakeSendmail(program: "smtpd");
        var stuck = mailer.Connect();
        var client = other.Connect();
        var reaper = new SendmailReaper(new SendmailProcessOptions { MailerPorts = [mailer.Port, other.Port] }, null, null, tablesOnly);

        (await EndUntilGone(reaper, stuck)).Should().ContainSingle().Which.ProcessId.Should().Be(stuck.ChildId);
        client.ChildIsAlive.Should().BeTrue();
    }

    [TestCase(0)]
    [TestCase(-1)]
    public async Task A_silence_of_no_time_is_refused(int ticks)
    {
        var end = async () =>
            await new SendmailReaper(new SendmailProcessOptions()).EndStuckSessionsAsync(TimeSpan.FromTicks(ticks), default);

        await end.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    private static async Task<IReadOnlyList<EndedSession>> EndUntilGone(SendmailReaper reaper, FakeClient client)
    {
        var ended = new List<EndedSession>();
        for (var start = Stopwatch.GetTimestamp(); client.ChildIsAlive && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
            ended.AddRange(await reaper.EndStuckSessionsAsync(Instant, default));
        return ended;
    }

    private Task<IReadOnlyList<EndedSession>> EndUntilGone(FakeSendmail mailer, FakeClient client) => EndUntilGone(Reaper(mailer), client);

    private SendmailReaper Reaper(FakeSendmail mailer) => new(mailer.Options, null, null, tablesOnly);
}
