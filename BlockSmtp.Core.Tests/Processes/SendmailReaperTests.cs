using System.Net;
using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Processes;

/// <summary>What befalls the sessions of a host that is blocked.</summary>
[TestFixture, Category(Needs.Root)]
internal sealed class SendmailReaperTests
{
    [Test]
    public async Task A_session_ends_by_itself_when_its_connection_is_shut_down()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect(from: "127.0.0.7");

        var ended = await End(mailer, "127.0.0.7/32");

        ended.Should().Equal(new EndedSession(client.ChildId, IPAddress.Parse("127.0.0.7"), SessionEnd.Shutdown));
        client.ChildIsAlive.Should().BeFalse();
    }

    [Test]
    public async Task All_sessions_of_the_host_end_and_only_those()
    {
        using var mailer = new FakeSendmail();
        var guilty = Enumerable.Range(0, 5).Select(_ => mailer.Connect(from: "127.0.0.7")).ToList();
        var innocent = Enumerable.Range(1, 5).Select(last => mailer.Connect(from: $"127.0.1.{last}")).ToList();

        var ended = await End(mailer, "127.0.0.7/32");

        ended.Select(session => session.ProcessId).Should().BeEquivalentTo(guilty.Select(client => client.ChildId));
        guilty.Should().OnlyContain(client => !client.ChildIsAlive);
        innocent.Should().OnlyContain(client => client.ChildIsAlive);
        mailer.DaemonIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task Several_hosts_and_networks_are_ended_in_one_go()
    {
        using var mailer = new FakeSendmail();
        mailer.Connect(from: "127.0.0.7");
        mailer.Connect(from: "127.0.2.9");
        mailer.Connect(from: "127.0.2.10");
        var innocent = mailer.Connect(from: "127.0.3.1");

        var ended = await End(mailer, "127.0.0.7/32", "192.0.2.0/24", "127.0.2.0/24", "2001:db8::/32");

        ended.Select(session => session.Peer!.ToString()).Should().BeEquivalentTo("127.0.0.7", "127.0.2.9", "127.0.2.10");
        innocent.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task An_IPv6_session_is_ended()
    {
        using var mailer = new FakeSendmail("::1");
        var client = mailer.Connect("::1");

        var ended = await End(mailer, "::1/128");

        ended.Should().Equal(new EndedSession(client.ChildId, IPAddress.IPv6Loopback, SessionEnd.Shutdown));
    }

    [Test]
    public async Task An_IPv4_session_of_a_dual_stack_socket_is_ended()
    {
        using var mailer = new FakeSendmail("::", dualStack: true);
        var client = mailer.Connect(from: "127.0.0.7");

        var ended = await End(mailer, "127.0.0.0/29");

        ended.Should().Equal(new EndedSession(client.ChildId, IPAddress.Parse("127.0.0.7"), SessionEnd.Shutdown));
    }

    [Test]
    public async Task A_smtpd_of_Postfix_lives_and_only_its_connection_is_shut_down()
    {
        using var mailer = new FakeSendmail(program: "postfix/smtpd");
        var client = mailer.Connect(from: "127.0.0.7");
        var innocent = mailer.Connect(from: "127.0.0.8");
        client.Tell("LISTEN");
        client.Tell("DEAF");

        var ended = await End(mailer, "127.0.0.7/32");

        ended.Should().Equal(new EndedSession(client.ChildId, IPAddress.Parse("127.0.0.7"), SessionEnd.Shutdown));
        client.ChildIsAlive.Should().BeTrue("it would die of a signal");
        innocent.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_smtpd_of_somebody_else_is_left_alone()
    {
        using var mailer = new FakeSendmail(program: "smtpd");
        var client = mailer.Connect(from: "127.0.0.7");

        (await End(mailer, "127.0.0.7/32")).Should().BeEmpty();
        client.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task An_Exim_is_asked_to_end_and_never_killed()
    {
        using var mailer = new FakeSendmail(program: "exim4");
        var client = mailer.Connect(from: "127.0.0.7");
        var deaf = mailer.Connect(from: "127.0.0.8");
        var stubborn = mailer.Connect(from: "127.0.0.9");
        deaf.Tell("DEAF");
        stubborn.Tell("STUBBORN");

        var ended = await End(mailer, "127.0.0.0/28");

        ended.Select(session => (session.ProcessId, session.Means))
            .Should().BeEquivalentTo([(client.ChildId, SessionEnd.Shutdown), (deaf.ChildId, SessionEnd.Terminated)]);
        stubborn.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_session_that_does_not_heed_its_connection_is_terminated()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        client.Tell("DEAF");

        var ended = await End(mailer, "127.0.0.1/32");

        ended.Should().Equal(new EndedSession(client.ChildId, IPAddress.Loopback, SessionEnd.Terminated));
    }

    [Test]
    public async Task A_session_that_heeds_nothing_is_killed()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        client.Tell("STUBBORN");

        var ended = await End(mailer, "127.0.0.1/32");

        ended.Should().Equal(new EndedSession(client.ChildId, IPAddress.Loopback, SessionEnd.Killed));
    }

    [Test]
    public async Task Easy_and_stubborn_sessions_end_together_each_by_what_it_takes()
    {
        using var mailer = new FakeSendmail();
        var easy = mailer.Connect();
        var deaf = mailer.Connect();
        deaf.Tell("DEAF");
        var stubborn = mailer.Connect();
        stubborn.Tell("STUBBORN");

        var ended = await End(mailer, "127.0.0.1/32");

        ended.ToDictionary(session => session.ProcessId, session => session.Means).Should().Equal(new Dictionary<int, SessionEnd>
        {
            [easy.ChildId] = SessionEnd.Shutdown,
            [deaf.ChildId] = SessionEnd.Terminated,
            [stubborn.ChildId] = SessionEnd.Killed,
        });
    }

    [Test]
    public async Task A_session_whose_client_has_closed_its_side_is_ended()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        client.Tell("DEAF");
        client.HalfClose();

        (await End(mailer, "127.0.0.1/32")).Should().ContainSingle().Which.ProcessId.Should().Be(client.ChildId);
    }

    [Test]
    public async Task A_session_that_nobody_waits_for_counts_as_ended()
    {
        using var mailer = new FakeSendmail(reaps: false);
        var client = mailer.Connect();

        (await End(mailer, "127.0.0.1/32")).Should().Equal(new EndedSession(client.ChildId, IPAddress.Loopback, SessionEnd.Shutdown));
    }

    [Test]
    public async Task The_daemon_survives_even_when_it_has_the_connection_too()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        client.Tell("LISTEN");

        (await End(mailer, "0.0.0.0/0", "::/0")).Should().BeEmpty("a process that listens is a daemon");
        client.ChildIsAlive.Should().BeTrue();
        mailer.DaemonIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_program_of_another_name_is_left_alone_whatever_its_title()
    {
        using var mailer = new FakeSendmail(program: "smtpd");
        var client = mailer.Connect();

        (await End(mailer, "127.0.0.1/32")).Should().BeEmpty();
        client.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_sendmail_on_another_port_is_left_alone()
    {
        using var mailer = new FakeSendmail();
        using var other = new FakeSendmail();
        var client = other.Connect();

        (await End(mailer, "127.0.0.1/32")).Should().BeEmpty();
        client.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_sendmail_that_is_itself_a_client_of_the_mailer_is_left_alone()
    {
        // Its connection's far end is the mailer's port, its own is not.
        using var mailer = new FakeSendmail();
        using var submitter = new FakeSendmail();
        var child = submitter.Connect();
        child.Tell($"CONNECT {mailer.Port}");

        (await End(mailer, "127.0.0.1/32")).Should().ContainSingle().Which.ProcessId.Should().NotBe(child.ChildId);
        child.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task Without_a_look_at_the_socket_the_session_is_terminated()
    {
        using var mailer = new FakeSendmail();
        var guilty = mailer.Connect(from: "127.0.0.7");
        var innocent = mailer.Connect(from: "127.0.0.8");
        var reaper = new SendmailReaper(mailer.Options, null, null, tablesOnly: true);

        var ended = await reaper.EndSessionsAsync([IPNetwork.Parse("127.0.0.7/32")], default);

        ended.Should().Equal(new EndedSession(guilty.ChildId, IPAddress.Parse("127.0.0.7"), SessionEnd.Terminated));
        innocent.ChildIsAlive.Should().BeTrue();
        mailer.DaemonIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task No_hosts_no_sessions()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();

        (await End(mailer)).Should().BeEmpty();
        client.ChildIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task A_call_that_is_given_up_ends_as_cancelled_and_keeps_nothing()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        client.Tell("STUBBORN");
        using var cancellation = new CancellationTokenSource();
        var call = new SendmailReaper(mailer.Options).EndSessionsAsync([IPNetwork.Parse("127.0.0.1/32")], cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await call.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        FakeClient.Descriptors(Environment.ProcessId).Should().NotContain(client.Connection);
    }

    private static async Task<IReadOnlyList<EndedSession>> End(FakeSendmail mailer, params string[] peers) =>
        await new SendmailReaper(mailer.Options).EndSessionsAsync([.. peers.Select(peer => IPNetwork.Parse(peer))], default);
}
