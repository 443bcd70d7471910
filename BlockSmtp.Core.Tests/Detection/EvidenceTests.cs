using System.Text;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Detection;

/// <summary>What a block says it is based on.</summary>
public sealed class EvidenceTests
{
    private const string Host = "203.0.113.20";

    [Test]
    public async Task A_block_names_what_was_tried_and_when_and_how_its_host_was_found()
    {
        var log = new LogText().Unknown(7, 3).At("18:00:09").Unknown(7, 1).End(7, Host);

        var evidence = (await Blocks(log)).Should().ContainSingle().Which.Evidence!;

        evidence.Offenses.Should().Be(4);
        evidence.First.TimeOfDay.Should().Be(new TimeSpan(18, 0, 3));
        evidence.Last.TimeOfDay.Should().Be(new TimeSpan(18, 0, 9));
        evidence.Source.Should().Be(PeerSource.LaterLine);
        evidence.Recipients.Should().Equal("<name0@example.org>", "<name1@example.org>", "<name2@example.org>", "<name0@example.org>");
    }

    [Test]
    public async Task A_name_in_a_line_of_a_ruleset_is_the_recipient_alone()
    {
        var log = new LogText()
            .Line(7, $"ruleset=check_rcpt, arg1=<gone@example.org>, relay=[{Host}], reject=550 5.1.1 <gone@example.org>... User unknown")
            .Unknown(7, 3)
            .End(7, Host);

        (await Blocks(log))[0].Evidence!.Recipients[0].Should().Be("<gone@example.org>");
    }

    [Test]
    public async Task A_probe_names_what_it_asked_for()
    {
        var log = new LogText();
        foreach (var command in new[] { "VRFY anna", "EXPN staff", "VRFY bob", "EXPN <c>... User unknown" })
            log.Line(7, $"[{Host}]: {command}");

        var evidence = (await Blocks(log, countProbes: true))[0].Evidence!;

        evidence.Recipients.Should().Equal("anna", "staff", "bob", $"[{Host}]: EXPN <c>... User unknown");
        evidence.Source.Should().Be(PeerSource.SameLine);
    }

    [Test]
    public async Task A_long_or_unprintable_name_is_cut_and_made_printable()
    {
        var log = new LogText().Line(7, $"<{new string('x', 300)}... User unknown").Line(7, "<jos\u0001\u007f>... User unknown")
            .Unknown(7, 2).End(7, Host);

        var names = (await Blocks(log))[0].Evidence!.Recipients;

        names[0].Should().Be("<" + new string('x', 99));
        names[1].Should().Be("<jos??>");
    }

    [Test]
    public async Task Without_being_asked_to_nothing_is_kept()
    {
        (await Blocks(new LogText().Unknown(7, 4).End(7, Host), keep: false))[0].Evidence.Should().BeNull();
    }

    private static async Task<List<Block>> Blocks(LogText log, bool countProbes = false, bool keep = true)
    {
        var seen = new SeenBlocks();
        var options = new ReplayOptions
        {
            KeepRecipients = keep,
            CountProbes = countProbes,
            Observer = seen,
            FirstYear = 2026,
            TimeZone = TimeZoneInfo.Utc,
        };
        await new LogReplay(new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString())), new CountPolicy(), options).RunAsync();
        return seen.Blocks;
    }

    private sealed class SeenBlocks : IEngineObserver
    {
        public List<Block> Blocks { get; } = [];

        public void OnBlocked(Block block) => Blocks.Add(block);
    }
}
