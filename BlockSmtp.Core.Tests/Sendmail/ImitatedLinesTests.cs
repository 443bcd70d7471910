using System.Net;
using System.Text;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>
/// sendmail logs a refused recipient without the eighth bit of its characters, so that a client can write any line of sendmail's into one:
/// whom such a line names is not believed, and who writes many of them guesses.
/// </summary>
[TestFixture]
public sealed class ImitatedLinesTests
{
    private const string Claimed = "x [198.51.100.62]: VRFY a,b<n{0}@example.org>... User unknown";
    private const string Delivery = "to=x, delay=<n{0}@example.org>... User unknown";

    private static readonly IPAddress Guesser = IPAddress.Parse("203.0.113.171");
    private static readonly IPAddress Bystander = IPAddress.Parse("198.51.100.62");

    [TestCase(Claimed)]
    [TestCase("[198.51.100.62]: VRFY a,b<@example.org>... User address required")]
    public async Task A_probe_that_a_recipient_may_have_imitated_is_that_of_its_process(string line)
    {
        var policy = await Told(new LogText().Line(7, line), PeerLookupResult.Found(Guesser));

        policy.Offenses.Should().HaveCount(2, "VRFY takes a list").And.OnlyContain(offense => offense.Peer.Equals(Guesser));
    }

    [Test]
    public async Task Where_its_process_is_gone_the_end_of_the_transaction_tells_whose_it_was()
    {
        var log = new LogText().Line(7, Claimed).End(7, Guesser.ToString());

        var policy = await Told(log, PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess));

        policy.Offenses.Should().HaveCount(2).And.OnlyContain(offense => offense.Peer.Equals(Guesser));
    }

    [Test]
    public async Task Of_a_process_that_is_gone_and_has_logged_no_end_the_line_is_believed_after_a_while()
    {
        var log = new LogText().Line(7, Claimed);

        (await Told(log, PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess))).Offenses.Should().BeEmpty();

        var policy = await Told(
            log, PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess), new LogText().At("18:00:09").Unknown(8, 1));

        policy.Offenses.Should().HaveCount(2, "a recipient has a transaction").And.OnlyContain(offense => offense.Peer.Equals(Bystander));
    }

    [TestCase(true, "203.0.113.171")]
    [TestCase(false, "198.51.100.62")]
    public async Task A_replay_believes_the_line_where_nothing_else_tells(bool hasEnd, string expected)
    {
        var log = new LogText().Line(7, Claimed);
        if (hasEnd)
            log.At("18:20:00").End(7, Guesser.ToString());

        (await Replay(log)).Hosts.Should().ContainSingle().Which.Address.ToString().Should().Be(expected);
    }

    [TestCase(Delivery)]
    [TestCase("--- <n{0}@example.org>... User unknown")]
    [TestCase("Milter: to=x, reject=451 x<n{0}@example.org>... User unknown")]
    [TestCase("ruleset=check_rcpt, arg1=<n{0}@x>, relay=h.example [203.0.113.1], reject=451 4.1.1 <n{0}@x>... User unknown")]
    public async Task Of_what_may_be_sendmails_own_a_few_lines_a_day_count_for_nothing(string line)
    {
        var log = new LogText();
        for (var i = 0; i < 20; i++)
            log.Line(7 + (i / 5), Numbered(line, i));
        for (var i = 0; i < 4; i++)
            log.End(7 + i, Guesser.ToString());

        var host = (await Replay(log)).Hosts.Should().ContainSingle().Which;
        host.Address.Should().Be(Guesser);
        host.Offenses.Should().Be(12, "eight are let pass");
    }

    [Test]
    public async Task What_another_process_says_of_a_transaction_is_sendmails_own()
    {
        var log = new LogText().Unknown(7, 1);
        for (var i = 0; i < 20; i++)
            log.Raw(8, $"{LogText.DefaultId}000007: {Numbered(Delivery, i)}");

        (await Replay(log.End(7, Guesser.ToString()).End(8, Guesser.ToString()))).Hosts.Should().ContainSingle()
            .Which.Offenses.Should().Be(1);
    }

    [Test]
    public async Task Once_there_is_a_message_what_its_delivery_has_come_to_is_sendmails_own()
    {
        var log = new LogText().Line(
            7, $"from=<a@b.example>, size=300, class=0, nrcpts=1, msgid=<1@b>, proto=ESMTP, daemon=MTA-v4, relay=[{Guesser}]");
        for (var i = 0; i < 20; i++)
            log.Line(7, Numbered(Delivery, i));

        (await Replay(log, new NotingPolicy())).Hosts.Sum(host => host.Offenses).Should().Be(0);
    }

    private static string Numbered(string line, int number) => line.Replace("{0}", $"x{number}", StringComparison.Ordinal);

    private static Task<ReplaySummary> Replay(LogText log, IOffenderPolicy? policy = null) =>
        new LogReplay(
            new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString())),
            policy ?? new CountPolicy(),
            new ReplayOptions { CountProbes = true, TimeZone = TimeZoneInfo.Utc },
            new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero))).RunAsync();

    private static async Task<NotingPolicy> Told(LogText log, PeerLookupResult answer, LogText? later = null)
    {
        var policy = new NotingPolicy();
        await using var engine = new RunningEngine(
            options => (options.PeerLookup, options.CountProbes) = (new Answer(answer), true), policy: policy);
        await engine.Log.WriteAsync(log);
        if (later is not null)
        {
            engine.Time.Advance(TimeSpan.FromSeconds(6));
            await engine.Log.WriteAsync(later);
        }

        return policy;
    }

    private sealed class Answer(PeerLookupResult answer) : IPeerLookup
    {
        public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore) => answer;
    }
}
