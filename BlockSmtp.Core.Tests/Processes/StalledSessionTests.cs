using System.Diagnostics;
using System.Net;
using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Processes;

/// <summary>
/// What befalls the sessions whose client keeps them waiting; each beside one that stalls, by which the looks are known to have been had.
/// </summary>
[Category(Needs.Root)]
internal sealed class StalledSessionTests
{
    // The shortest time there is: what has not stalled after it would not have after any.
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private FakeSendmail _mailer = null!;

    [SetUp]
    public void Start() => _mailer = new FakeSendmail();

    [TearDown]
    public void Stop() => _mailer?.Dispose();

    [Test]
    public async Task A_session_that_waits_for_its_client_is_ended_whatever_its_title_says(
        [Values(
            "sendmail: MTA: 6ATAaGMr006057 [203.0.113.61]: DATA",
            "sendmail: MTA: 6ATAaM24006097 [203.0.113.61]: STARTTLS",
            "sendmail: MTA: server [203.0.113.61] cmd read",
            "sendmail: MTA: serv")]
        string title,
        [Values] bool selects)
    {
        var client = _mailer.Connect(from: "127.0.0.7");
        client.Tell("TITLE " + title);
        if (selects)
            client.Tell("SELECT");

        (await EndUntilGone(client)).Should().Equal(new EndedSession(client.ChildId, IPAddress.Parse("127.0.0.7"), SessionEnd.Shutdown));
        _mailer.DaemonIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_session_whose_server_is_at_work_is_left_alone()
    {
        var busy = _mailer.Connect();
        busy.Tell("BUSY");
        var stalled = _mailer.Connect();

        (await EndUntilGone(stalled)).Should().ContainSingle().Which.ProcessId.Should().Be(stalled.ChildId);
        busy.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task The_first_look_ends_nobody()
    {
        var client = _mailer.Connect();

        (await new SendmailReaper(_mailer.Options).EndStalledSessionsAsync(Instant, default)).Should().BeEmpty();
        client.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task Whoever_is_answered_between_two_looks_has_all_of_the_time_anew()
    {
        var reaper = new SendmailReaper(_mailer.Options);
        var client = _mailer.Connect();
        for (var look = 0; look < 5; look++)
        {
            (await reaper.EndStalledSessionsAsync(Instant, default)).Should().BeEmpty();
            client.Tell("NOOP");
        }

        client.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task Where_the_connection_cannot_be_asked_nobody_stalls()
    {
        var client = _mailer.Connect();
        var reaper = new SendmailReaper(_mailer.Options, null, null, tablesOnly: true);

        for (var look = 0; look < 3; look++)
            (await reaper.EndStalledSessionsAsync(Instant, default)).Should().BeEmpty();
        client.ChildIsAlive.Should().BeTrue();
    }

    [TestCase(0)]
    [TestCase(-1)]
    public async Task A_stall_of_no_time_is_refused(int ticks)
    {
        var end = async () => await new SendmailReaper(_mailer.Options).EndStalledSessionsAsync(TimeSpan.FromTicks(ticks), default);

        await end.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Test]
    public async Task A_helper_remembers_what_it_saw_at_the_last_look()
    {
        await using var server = new RunningSessionServer(_mailer.Options);
        var sessions = server.Client();
        var client = _mailer.Connect();

        (await sessions.EndStalledSessionsAsync(Instant, default)).Should().BeEmpty();
        (await EndUntilGone(sessions, client)).Should().ContainSingle().Which.ProcessId.Should().Be(client.ChildId);
    }

    private static async Task<IReadOnlyList<EndedSession>> EndUntilGone(IProcessReaper reaper, FakeClient client)
    {
        var ended = new List<EndedSession>();
        for (var start = Stopwatch.GetTimestamp(); client.ChildIsAlive && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
            ended.AddRange(await reaper.EndStalledSessionsAsync(Instant, default));
        return ended;
    }

    private Task<IReadOnlyList<EndedSession>> EndUntilGone(FakeClient client) => EndUntilGone(new SendmailReaper(_mailer.Options), client);
}
