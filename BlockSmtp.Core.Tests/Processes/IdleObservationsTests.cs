using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Processes;

[TestFixture, Category(Needs.Root)]
internal sealed class IdleObservationsTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task A_process_that_waits_is_unchanged_since_it_was_first_seen()
    {
        using var mailer = new FakeSendmail();
        using var process = await Asleep(mailer.Connect());
        var observations = new IdleObservations(_time);

        Look(observations, process).Should().Be(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMinutes(10));
        Look(observations, process).Should().Be(TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(10));
        Look(observations, process).Should().Be(TimeSpan.FromMinutes(20));
    }

    [Test]
    public async Task A_command_of_the_client_begins_the_time_anew()
    {
        using var mailer = new FakeSendmail();
        var client = mailer.Connect();
        using var process = await Asleep(client);
        var observations = new IdleObservations(_time);

        Look(observations, process);
        _time.Advance(TimeSpan.FromMinutes(10));
        client.Tell("NOOP");
        (await Asleep(client)).Dispose();

        Look(observations, process).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public async Task What_a_scan_has_not_seen_is_forgotten()
    {
        using var mailer = new FakeSendmail();
        using var process = await Asleep(mailer.Connect());
        var observations = new IdleObservations(_time);

        Look(observations, process);
        observations.EndScan();
        _time.Advance(TimeSpan.FromMinutes(10));

        Look(observations, process).Should().Be(TimeSpan.Zero);
    }

    private static TimeSpan Look(IdleObservations observations, MailerProcess process)
    {
        var unchanged = observations.UnchangedFor(process);
        observations.EndScan();
        return unchanged;
    }

    private static async Task<MailerProcess> Asleep(FakeClient client)
    {
        while (ProcStatus.VoluntarySwitches(client.ChildId) is null)
            await Task.Yield();
        MailerProcess.TryOpen(client.ChildId, out var process).Should().Be(PeerLookupOutcome.Found);
        return process!;
    }
}
