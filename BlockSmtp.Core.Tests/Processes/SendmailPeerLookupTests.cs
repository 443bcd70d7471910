using System.Diagnostics;
using System.Net;
using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Processes;

/// <summary>Both ways to the client: the socket itself, and the tables of the kernel.</summary>
[TestFixture(false)]
[TestFixture(true)]
[Category(Needs.Root)]
internal sealed class SendmailPeerLookupTests(bool tablesOnly)
{
    [Test]
    public void The_client_of_an_IPv4_session_is_found()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect(from: "127.0.0.7");

        Find(mailer, client.ChildId).Should().Be(PeerLookupResult.Found(IPAddress.Parse("127.0.0.7")));
    }

    [Test]
    public void The_client_of_an_IPv6_session_is_found()
    {
        using var mailer = new FakeSendmail("::1");
        var client = mailer.Connect("::1");

        Find(mailer, client.ChildId).Should().Be(PeerLookupResult.Found(IPAddress.IPv6Loopback));
    }

    [Test]
    public void An_IPv4_client_of_a_dual_stack_socket_has_its_IPv4_address()
    {
        using var mailer = new FakeSendmail("::", dualStack: true);
        var client = mailer.Connect(from: "127.0.0.8");

        Find(mailer, client.ChildId).Should().Be(PeerLookupResult.Found(IPAddress.Parse("127.0.0.8")));
    }

    [TestCase("127.0.0.1", PeerLookupOutcome.Found)]
    [TestCase("::ffff:127.0.0.1", PeerLookupOutcome.Found)]
    [TestCase("127.0.0.2", PeerLookupOutcome.NoConnection)]
    [TestCase("::1", PeerLookupOutcome.NoConnection)]
    public void Only_a_connection_to_an_address_of_the_mailer_counts(string address, PeerLookupOutcome outcome)
    {
        using var mailer = new FakeSendmail("::", dualStack: true);
        var client = mailer.Connect();
        var options = new SendmailProcessOptions
        {
            MailerPorts = [mailer.Port],
            MailerAddresses = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse(address)],
        };

        Find(options, client.ChildId).Outcome.Should().Be(outcome);
    }

    [Test]
    public void A_connection_to_another_port_does_not_count()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();

        Find(new SendmailProcessOptions(), client.ChildId).Outcome.Should().Be(PeerLookupOutcome.NoConnection);
    }

    [Test]
    public void Each_of_several_sessions_has_its_own_client()
    {
        using var mailer = new FakeSendmail();
        var clients = Enumerable.Range(10, 5)
            .Select(last => (Address: $"127.0.0.{last}", Client: mailer.Connect(from: $"127.0.0.{last}")))
            .ToList();

        clients.Select(client => Find(mailer, client.Client.ChildId).Peer!.ToString())
            .Should().Equal(clients.Select(client => client.Address));
    }

    [Test]
    public void A_connection_at_unusual_descriptors_is_found()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect(from: "127.0.0.9");
        client.Tell("MOVE");

        Find(mailer, client.ChildId).Should().Be(PeerLookupResult.Found(IPAddress.Parse("127.0.0.9")));
    }

    [Test]
    public void A_client_that_has_said_goodbye_is_found()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect(from: "127.0.0.5");
        client.Tell("DEAF");
        client.HalfClose();

        Find(mailer, client.ChildId).Should().Be(PeerLookupResult.Found(IPAddress.Parse("127.0.0.5")));
    }

    [Test]
    public void A_client_that_has_reset_the_connection_is_found_by_the_socket()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect(from: "127.0.0.6");
        client.Tell("DEAF");
        client.Reset();

        // The tables show it no more.
        Find(mailer, client.ChildId).Should().Be(tablesOnly
            ? PeerLookupResult.NotFound(PeerLookupOutcome.NoConnection)
            : PeerLookupResult.Found(IPAddress.Parse("127.0.0.6")));
    }

    [Test]
    public void The_daemon_serves_nobody()
    {
        using var mailer = new FakeSendmail();
        mailer.Connect();

        Find(mailer, mailer.DaemonId).Outcome.Should().Be(PeerLookupOutcome.NoConnection);
    }

    [Test]
    public void A_program_of_another_name_is_not_the_mailer_whatever_its_title()
    {
        using var mailer = new FakeSendmail(program: "smtpd");
        var client = mailer.Connect();

        File.ReadAllText($"/proc/{client.ChildId}/comm").Should().StartWith("sendmail", "perl names the process by its title");
        Find(mailer, client.ChildId).Outcome.Should().Be(PeerLookupOutcome.NotTheMailer);
    }

    [Test]
    public void An_Exim_is_asked_too_for_its_log_may_leave_out_the_client()
    {
        using var mailer = new FakeSendmail(program: "exim4");
        var client = mailer.Connect(from: "127.0.0.9");

        Find(mailer, client.ChildId).Should().Be(PeerLookupResult.Found(IPAddress.Parse("127.0.0.9")));
    }

    [Test]
    public void This_very_process_is_not_the_mailer() =>
        Find(new SendmailProcessOptions(), Environment.ProcessId).Outcome.Should().Be(PeerLookupOutcome.NotTheMailer);

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    public void A_number_that_no_process_can_have_is_no_process(int processId) =>
        Find(new SendmailProcessOptions(), processId).Outcome.Should().Be(PeerLookupOutcome.NoProcess);

    [Test]
    public void A_process_that_has_ended_is_no_process()
    {
        using var process = Process.Start("true");
        process.WaitForExit();

        Find(new SendmailProcessOptions(), process.Id).Outcome.Should().Be(PeerLookupOutcome.NoProcess);
    }

    [Test]
    public async Task A_sendmail_that_has_ended_but_was_not_waited_for_is_no_process()
    {
        using var mailer = new FakeSendmail(reaps: false);
        var client = mailer.Connect();
        await client.KillChild();

        File.Exists($"/proc/{client.ChildId}/stat").Should().BeTrue();
        Find(mailer, client.ChildId).Outcome.Should().Be(PeerLookupOutcome.NoProcess);
    }

    [Test]
    public void A_session_that_began_before_the_line_was_written_is_asked()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();

        Find(mailer, client.ChildId, TimeProvider.System.GetUtcNow()).Outcome.Should().Be(PeerLookupOutcome.Found);
    }

    [Test]
    public void A_process_that_began_after_the_line_was_written_is_another_one()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();

        Find(mailer, client.ChildId, TimeProvider.System.GetUtcNow().AddMinutes(-5)).Outcome.Should().Be(PeerLookupOutcome.NotTheMailer);
    }

    [Test]
    public void The_time_of_day_comes_from_the_clock_that_was_given()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 18, 0, 0, TimeSpan.Zero));
        var lookup = new SendmailPeerLookup(mailer.Options, clock, tablesOnly);

        lookup.FindPeer(client.ChildId, clock.GetUtcNow()).Outcome.Should().Be(PeerLookupOutcome.Found);
        lookup.FindPeer(client.ChildId, clock.GetUtcNow().AddHours(-1)).Outcome.Should().Be(PeerLookupOutcome.NotTheMailer);
    }

    [Test]
    public void A_lookup_leaves_no_descriptor_behind()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        var lookup = new SendmailPeerLookup(mailer.Options, null, tablesOnly);
        var before = FakeClient.Descriptors(Environment.ProcessId).Count;

        for (var count = 0; count < 200; count++)
            lookup.FindPeer(client.ChildId, null);

        FakeClient.Descriptors(Environment.ProcessId).Should().NotContain(client.Connection)
            .And.HaveCountLessThan(before + 50);
    }

    private PeerLookupResult Find(FakeSendmail mailer, int processId, DateTimeOffset? startedBefore = null) =>
        Find(mailer.Options, processId, startedBefore);

    private PeerLookupResult Find(SendmailProcessOptions options, int processId, DateTimeOffset? startedBefore = null) =>
        new SendmailPeerLookup(options, null, tablesOnly).FindPeer(processId, startedBefore);
}
