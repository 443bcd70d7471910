using System.Text;
using BlockSmtp.Exim;
using BlockSmtp.Grammars;
using BlockSmtp.Reading;
using BlockSmtp.Syslog;
using BlockSmtp.Tests.Fixtures;
using CsCheck;

namespace BlockSmtp.Tests.Exim;

/// <summary>
/// A line that is too long for syslog comes in parts of 870 bytes, <c>[1/2] </c> and <c>[2/2] </c>; <c>[1\3] </c> is the first of several
/// lines (log.c, write_syslog).
/// </summary>
public sealed class SyslogPartsTests
{
    private const string Stamp = "2026-11-30 02:52:16 ";
    private const int PartLength = 870;

    private static readonly string Helo = string.Join('.', Enumerable.Repeat("a", 470));

    private static string Guess(string name, string address = "203.0.113.36") =>
        $"H=({Helo}) [{address}] F=<bob@example.org> rejected RCPT <{name}@example.org>: Unknown user";

    [Test]
    public async Task A_greeting_that_fills_a_line_hides_no_guess()
    {
        var policy = await Replay([.. Parts(Guess("a")), .. Parts(Guess("b"))]);

        Described(policy).Should().Equal("203.0.113.36 <a@example.org>", "203.0.113.36 <b@example.org>");
    }

    [Test]
    public async Task Parts_of_several_processes_between_each_other_stay_apart()
    {
        var (one, other) = (Parts(Guess("a")), Parts(Guess("b", "203.0.113.37"), process: 2));

        var policy = await Replay([one[0], other[0], other[1], one[1]]);

        Described(policy).Should().Equal("203.0.113.37 <b@example.org>", "203.0.113.36 <a@example.org>");
    }

    [Test]
    public async Task What_is_written_twice_in_parts_counts_once()
    {
        var parts = Parts(Guess("a"));

        Described(await Replay([.. parts, .. parts])).Should().ContainSingle();
    }

    [Test]
    public async Task A_later_part_by_itself_may_begin_with_a_clients_text_and_is_not_read() =>
        Described(await Replay([Line("[2/2] H=(x) [198.51.100.10] F=<a@b.example> rejected RCPT <x@example.org>: Unrouteable address")]))
            .Should().BeEmpty();

    [Test]
    public async Task What_follows_the_first_line_of_an_entry_is_not_read() =>
        Described(await Replay([
            Line($@"[1\2] {Stamp}H=(x) [203.0.113.9] F=<a@b.example> rejected RCPT <x@example.org>: Unrouteable address"),
            Line("[2/2] H=(x) [198.51.100.10] F=<a@b.example> rejected RCPT <y@example.org>: Unrouteable address")]))
            .Should().Equal("203.0.113.9 <x@example.org>");

    [Test]
    public async Task Parts_without_a_process_are_not_made_one() =>
        Described(await Replay([.. Parts(Guess("a")).Select(line => line.Replace("[4172]", "", StringComparison.Ordinal))]))
            .Should().BeEmpty();

    [Test]
    public void Wherever_a_line_is_cut_it_tells_what_it_tells_in_one() =>
        Gen.Select(Gen.Int[600, 1100], Gen.Bool, Gen.Int[0, 40]).Sample((length, isStripped, blanks) =>
        {
            var text = $"{Stamp}H=(x) [203.0.113.36] F=<\"{new string('a', length)}{new string(' ', blanks)}\"@b.example> "
                + "rejected RCPT <joe@example.org>: Unrouteable address";
            var split = new SplitMessages();
            List<string> told = [];
            foreach (var part in Cut(text))
            {
                var message = isStripped ? part.TrimEnd(' ') : part;
                var line = new SyslogLine { Message = Encoding.ASCII.GetBytes(message), ProcessId = 7, Program = LogProgram.Exim };
                var refusals = new RefusalTexts([]);
                EximGrammar.Look(line.Message, LogProgram.Exim, refusals).Should().HaveFlag(LineBearing.Alone);
                EximGrammar.Read(line, MailEventsWanted.None, refusals, out var read);
                if (read.Kind != MailEventKind.Part || split.TryRead<EximGrammar>(ref line, MailEventsWanted.None, refusals, ref read))
                    told.Add($"{read.Kind} {Encoding.ASCII.GetString(read.Text)} {Encoding.ASCII.GetString(read.Recipient)}");
            }

            told.Should().Equal("NamedRefusal 203.0.113.36 <joe@example.org>");
            split.Count.Should().Be(0);
        });

    private static IEnumerable<string> Described(NotingPolicy policy) =>
        policy.Offenses.Select(offense => $"{offense.Peer} {offense.Recipient}");

    private static string[] Parts(string text, int process = 4172) => [.. Cut(Stamp + text).Select(part => Line(part, process))];

    private static IEnumerable<string> Cut(string text)
    {
        var parts = text.Chunk(PartLength).Select(part => new string(part)).ToList();
        return parts.Count == 1 ? parts : parts.Select((part, i) => $"[{i + 1}/{parts.Count}] {part}");
    }

    private static string Line(string message, int process = 4172) => $"Nov 30 02:52:16 mail1 exim[{process}]: {message}";

    private static async Task<NotingPolicy> Replay(string[] lines)
    {
        var policy = new NotingPolicy();
        await new LogReplay(
            new MemoryLogSource(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")),
            policy,
            new ReplayOptions { FirstYear = 2026, TimeZone = TimeZoneInfo.Utc, KeepRecipients = true }).RunAsync();
        return policy;
    }
}
