using System.Net;
using BlockSmtp.Tests.Fixtures;
using BlockSmtp.Tests.Reading;

namespace BlockSmtp.Tests.Exim;

/// <summary>
/// What Exim 4.96 writes in place of a refusal when the client has sent a HELO of 8,090 bytes (seen): it names nobody, so the process is
/// asked where the line tells which it is, and in any case it is told.
/// </summary>
public sealed class OverflowTests
{
    private const string Host = "203.0.113.20";
    private const string Overflow = "**** log string overflowed log buffer ****\n";

    // As each of a host may be no guess.
    private const int LetPass = 8;

    [TestCase("2026-11-23 18:00:03 ")]
    [TestCase("2026-11-23 18:00:03.123 [7] ")]
    [TestCase("2026-11-23 18:00:03 +0100 [7] ")]
    [TestCase("Nov 23 18:00:03 mail1 exim[7]: ")]
    [TestCase(@"Nov 23 18:00:03 mail1 exim[7]: [1\2] 2026-11-23 18:00:03 ")]
    [TestCase(@"2026-11-23T18:00:03.000000+00:00 mail1 exim4[7]: [1\2] ")]
    public void Is_read_wherever_it_stands(string start) => ReadLine.As(start + Overflow.TrimEnd()).Should().Be("overflow");

    [TestCase("2026-11-23 18:00:03 1qkPsV-0000Ab-Cd ", Description = "A message to hundreds, with log_selector = +received_recipients")]
    [TestCase("2026-11-23 18:00:03 H=(x) [203.0.113.20] F=<> rejected RCPT <x@example.org>: ")]
    [TestCase("2026-11-23 18:00:03 mail1 sshd[7]: ")]
    public void Of_a_message_or_elsewhere_it_is_nothing(string start) => ReadLine.As(start + Overflow.TrimEnd()).Should().NotBe("overflow");

    [TestCase("2026-11-23 18:00:03 [7] " + Overflow + "\n")]
    [TestCase(@"Nov 23 18:00:03 mail1 exim[7]: [1\2] 2026-11-23 18:00:03 " + Overflow + @"Nov 23 18:00:03 mail1 exim[7]: [2\2] " + "\n")]
    public async Task The_process_is_asked_and_who_makes_many_is_blocked(string line)
    {
        var lookup = new FixedLookup(Host);
        var policy = new NotingPolicy();
        await using var running = new RunningEngine(options => options.PeerLookup = lookup, policy: policy);

        for (var i = 0; i < LetPass + 4; i++)
        {
            await WriteAsync(running, line.Replace(":03", $":{3 + (i / 2):00}", StringComparison.Ordinal));
            // What stands between two of them tells that they are no copies.
            await WriteAsync(running, "Nov 23 18:00:03 mail1 exim[7]: no host name found for IP address 203.0.113.20\n");
            await WriteAsync(running, $"Nov 23 18:00:03 mail1 exim[7]: H=(x) [203.0.113.99] rejected RCPT <n{i}@x>: Unrouteable address\n");
        }

        lookup.Asked.Should().HaveCount(LetPass + 4).And.OnlyContain(process => process == 7);
        policy.Offenses.Where(offense => offense.Peer.Equals(IPAddress.Parse(Host)))
            .Should().HaveCount(4)
            .And.OnlyContain(offense => offense.Source == PeerSource.Connection
                && offense.Mailer == Mailer.Exim
                && offense.RecipientKey == 0
                && offense.Kind == OffenseKind.UnknownRecipient);
        running.Engine.Counters.LostLines.Should().Be(LetPass + 4);
        running.Engine.Counters.Ambiguous.Should().Be(LetPass);
    }

    [TestCase("2026-11-23 18:00:03 ", null)]
    [TestCase("2026-11-23 18:00:03 ", Host)]
    [TestCase("2026-11-23 18:00:03 [7] ", null)]
    [TestCase("2026-11-23 17:00:03 [7] ", Host, Description = "The process may be another by now")]
    public async Task Where_the_process_is_not_known_it_is_counted_and_told_and_nobody_is_blamed(string start, string? peer)
    {
        var lookup = new FixedLookup(peer);
        var policy = new NotingPolicy();
        await using var running = new RunningEngine(options => options.PeerLookup = lookup, policy: policy);

        for (var i = 0; i < 20; i++)
            await WriteAsync(running, start + Overflow + "\n");

        policy.Offenses.Should().BeEmpty();
        running.Engine.Counters.LostLines.Should().Be(20);
        running.Engine.Counters.Ambiguous.Should().Be(20);
        running.Events.Entries.Where(entry => entry.Id == 1063)
            .Should().ContainSingle().Which.Message.Should().Contain("acl_smtp_helo");

        running.Time.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync(running, start + Overflow + "\n");

        running.Events.Entries.Last(entry => entry.Id == 1063).Message.Should().StartWith("21 lines");
    }

    private static Task WriteAsync(RunningEngine running, string lines) => running.Log.WriteAsync(new LogText().Verbatim(lines));

    private sealed class FixedLookup(string? peer) : IPeerLookup
    {
        public List<int> Asked { get; } = [];

        public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore)
        {
            Asked.Add(processId);
            return peer is null ? PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess) : PeerLookupResult.Found(IPAddress.Parse(peer));
        }
    }
}
