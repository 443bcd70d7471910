using System.Net;
using System.Text.Json;
using BlockSmtp.Logs;
using BlockSmtp.Policies;
using CsCheck;

namespace BlockSmtp.Tests.Corpus;

/// <summary>
/// Recorded logs of real mail servers: the verdicts must equal the truth, which the traffic driver wrote from what it sent
/// and was answered, never from the log.
/// </summary>
public sealed class CorpusTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Corpus", "data");

    private static IEnumerable<TestCaseData> Logs() =>
        from log in Directory.GetFiles(Folder, "sendmail-*.log").Order()
        from countProbes in new[] { false, true }
        select new TestCaseData(log, countProbes).SetArgDisplayNames(
            Path.GetFileNameWithoutExtension(log), countProbes ? "counting probes" : "recipients only");

    [Test]
    public void Every_kind_of_log_is_there() => Directory.GetFiles(Folder, "sendmail-*.log").Should().HaveCount(7);

    // Postfix and Exim log no probe that they have answered, so only recipients can be held against the truth.
    private static IEnumerable<TestCaseData> OtherLogs() =>
        new[] { "postfix-3.7", "postfix-3.7-services", "exim-4.96", "exim-4.96-callouts", "exim-4.96-syslog", "exim-4.96-zone" }
            .Select(name => new TestCaseData(Path.Combine(Folder, name + ".log"), false).SetArgDisplayNames(name, "recipients only"));

    [TestCaseSource(nameof(Logs))]
    [TestCaseSource(nameof(OtherLogs))]
    public async Task Exactly_the_guessers_are_blocked(string log, bool countProbes)
    {
        var truth = Truth.Of(log, countProbes);

        var summary = await Replay(log, countProbes);

        var blocked = summary.Hosts.Where(host => host.Blocks > 0).Select(host => host.Address.ToString()).ToHashSet();
        truth.ShouldBlock.Except(blocked).Should().BeEmpty("nobody may be missed");
        blocked.Except(truth.ShouldBlock).Except(truth.Uncertain).Should().BeEmpty("nobody may be blocked who did not guess");
        blocked.Intersect(truth.NeverBlock).Should().BeEmpty();
        summary.Counters.Unresolved.Should().Be(0);
    }

    [TestCaseSource(nameof(Logs))]
    [TestCaseSource(nameof(OtherLogs))]
    public async Task Every_guess_is_counted_for_the_one_who_made_it(string log, bool countProbes)
    {
        var truth = Truth.Of(log, countProbes);

        var summary = await Replay(log, countProbes);

        var counted = summary.Hosts.ToDictionary(host => host.Address.ToString(), host => host.Offenses);
        foreach (var (address, guesses) in truth.Guesses)
        {
            if (!truth.Uncertain.Contains(address))
                counted.GetValueOrDefault(address).Should().Be(guesses - Remembered(log, address), address);
        }

        counted.Keys.Except(truth.Guesses.Keys).Should().BeEmpty();
    }

    // Two answers that Exim remembers from the log before these: what they have said stands in that one.
    private static int Remembered(string log, string address) =>
        address == "203.0.113.12" && Path.GetFileNameWithoutExtension(log) is "exim-4.96-syslog" or "exim-4.96-zone" ? 2 : 0;

    [Test]
    public void However_a_log_is_cut_into_chunks_the_verdicts_are_the_same()
    {
        var log = Directory.GetFiles(Folder, "sendmail-*.log").Order().First();
        var bytes = File.ReadAllBytes(log);
        var whole = Verdicts(new Fixtures.MemoryLogSource(bytes));
        Gen.Int[1, bytes.Length].Array[0, 50].Sample(
            cuts => Verdicts(new Fixtures.MemoryLogSource(bytes, cuts)).Should().Equal(whole), iter: 30);

        static List<string> Verdicts(ILogSource source)
        {
            var seen = new Fixtures.SeenDecisions();
            new LogReplay(source, new CountPolicy(), new ReplayOptions { TimeZone = TimeZoneInfo.Utc, FirstYear = 2026, Observer = seen })
                .RunAsync()
                .Wait();
            return seen.Lines;
        }
    }

    // All kinds of refusals, counted by what the servers have answered. 127.0.0.9 was in helo_accept_junk_hosts and has named another in
    // its HELO, which nothing can tell (docs/exim.md); 127.0.0.6 was only refused for the moment, 127.0.0.4 has asked with VRFY.
    [TestCase("postfix-3.7-tables.log", "127.0.0.2=10 127.0.0.3=2 127.0.0.9=11")]
    [TestCase("exim-4.96-all-selectors.log", "127.0.0.2=12 127.0.0.3=5 127.0.0.5=1 127.0.0.7=1 198.51.100.10=1")]
    public async Task Each_kind_of_refusal_is_counted_or_not(string log, string expected)
    {
        var summary = await Replay(Path.Combine(Folder, log), countProbes: false);

        summary.Hosts.OrderBy(host => host.Address.ToString(), StringComparer.Ordinal).Select(host => $"{host.Address}={host.Offenses}")
            .Should().Equal(expected.Split(' '));
    }

    [TestCase("postfix-3.7.log", Mailer.Postfix)]
    [TestCase("exim-4.96.log", Mailer.Exim)]
    [TestCase("sendmail-8.17-loglevel9.log", Mailer.Sendmail)]
    public async Task The_log_of_another_mail_server_is_none_of_our_business(string log, Mailer itsOwn)
    {
        foreach (var mailer in Enum.GetValues<Mailer>())
        {
            var summary = await Replay(Path.Combine(Folder, log), countProbes: true, mailer);

            summary.Counters.Lines.Should().BePositive();
            (summary.Hosts.Count > 0).Should().Be(mailer == itsOwn || mailer == Mailer.Auto, $"it is read as {mailer}");
            summary.Counters.Ambiguous.Should().BeLessThan(5);
        }
    }

    [TestCase("postfix-3.7.log", Mailer.Postfix)]
    [TestCase("exim-4.96.log", Mailer.Exim)]
    [TestCase("sendmail-8.17-loglevel9.log", Mailer.Sendmail)]
    public async Task Which_mail_server_it_is_need_not_be_said(string log, Mailer itsOwn)
    {
        var said = await Replay(Path.Combine(Folder, log), countProbes: true, itsOwn);
        var found = await Replay(Path.Combine(Folder, log), countProbes: true);

        found.Hosts.Should().BeEquivalentTo(said.Hosts);
        found.Counters.Should().Be(said.Counters);
    }

    private static Task<ReplaySummary> Replay(string log, bool countProbes, Mailer mailer = Mailer.Auto)
    {
        var options = new ReplayOptions { TimeZone = TimeZoneInfo.Utc, FirstYear = 2026, CountProbes = countProbes, Mailer = mailer };
        return new LogReplay(new ReplayLogSource([log]), new CountPolicy(), options).RunAsync();
    }

    private sealed record Truth(
        HashSet<string> ShouldBlock, HashSet<string> Uncertain, HashSet<string> NeverBlock, Dictionary<string, long> Guesses)
    {
        public static Truth Of(string log, bool countProbes)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(log, ".truth.json")));
            var clients = json.RootElement.GetProperty("clients").EnumerateArray().ToArray();
            return new Truth(
                [.. clients
                    .Where(client => client.GetProperty(countProbes ? "should_block_counting_probes" : "should_block").GetBoolean())
                    .Select(Address)],
                [.. clients.Where(client => client.GetProperty("uncertain").GetBoolean()).Select(Address)],
                [.. json.RootElement.GetProperty("never_block").EnumerateArray().Select(address => Canonical(address.GetString()!))],
                clients.ToDictionary(Address, client => client.GetProperty("rcpt_unknown").GetInt64()
                    + OtherText(client)
                    + (countProbes ? client.GetProperty("probe_times").GetArrayLength() : 0)));
        }

        // "No such user here" is the same guess in a site's own words.
        private static long OtherText(JsonElement client) =>
            client.TryGetProperty("rcpt_unknown_other_text", out var other) ? other.GetInt64() : 0;

        private static string Address(JsonElement client) => Canonical(client.GetProperty("ip").GetString()!);

        private static string Canonical(string address) => IPAddress.Parse(address).ToString();
    }
}
