using System.Text.Json;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>
/// The scores of a simulated day (<c>bench/quality --save=DIR --scenarios=tiny</c>) whose truth is known, and of a log with labels.
/// </summary>
public sealed class ScoreCommandTests
{
    private static readonly string Day = Path.Combine(AppContext.BaseDirectory, "Scoring", "data");

    private TemporaryFolder _folder = null!;

    private static string Log => Path.Combine(Day, "mail.log.gz");

    private static string Truth => $"--truth={Path.Combine(Day, "hosts.jsonl")}";

    private static string WhiteList => $"--white-list={Path.Combine(Day, "whitelist")}";

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void The_balance_hurts_less_than_the_count_and_finds_as_many()
    {
        var balance = ScoreOf(Truth, WhiteList, Log);
        var count = ScoreOf(Truth, WhiteList, "--policy=count", Log);

        Figure(balance, "harm_per_10000").Should().BeLessThan(Figure(count, "harm_per_10000"));
        Figure(balance, "precision").Should().BeGreaterThan(Figure(count, "precision"));
        Figure(balance, "recall").Should().BeGreaterThanOrEqualTo(0.9);
        Figure(balance, "names_to_learn").Should().BePositive("what was asked is known");
    }

    [Test]
    public void Without_the_wire_the_log_tells_nearly_as_much()
    {
        File.Copy(Path.Combine(Day, "hosts.jsonl"), _folder["hosts.jsonl"]);

        var known = ScoreOf(Truth, WhiteList, Log);
        var read = ScoreOf($"--truth={_folder["hosts.jsonl"]}", WhiteList, Log);

        foreach (var member in new[] { "guessers_blocked", "persistent", "persistent_blocked", "innocents_blocked" })
            Figure(read, member).Should().Be(Figure(known, member), member);
        Figure(read, "accepted").Should().Be(Figure(known, "accepted"));
    }

    [Test]
    public void Bans_of_somebody_else_are_scored_in_the_place_of_ours()
    {
        var guesser = File.ReadLines(Path.Combine(Day, "hosts.jsonl"))
            .First(line => line.Contains("\"g-burst\"", StringComparison.Ordinal));
        using var host = JsonDocument.Parse(guesser);
        var bans = _folder.Write("bans", $"2026-11-01T00:00:00Z {host.RootElement.GetProperty("ip").GetString()}\n");

        var score = ScoreOf(Truth, $"--bans={bans}");

        Figure(score, "guessers_blocked").Should().Be(1);
        Figure(score, "precision").Should().Be(1);
        Figure(score, "harmed").Should().Be(0);
    }

    [Test]
    public void A_person_reads_figures_with_what_they_mean()
    {
        var (code, output, errors) = Tool.Run("score", "--year=2026", Truth, WhiteList, Log);

        errors.Should().BeEmpty();
        code.Should().Be(0);
        output.Should().MatchRegex(@"(?m)^precision +[01]\.\d{3}  of \d+ blocked hosts \d+ guess$")
            .And.MatchRegex(@"(?m)^g-burst +1 +1 ").And.MatchRegex("(?m)^provider ");
    }

    [Test]
    public void Labels_score_a_replay()
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 5).End(7, "203.0.113.20").Unknown(8, 4).End(8, "198.51.100.10").ToString());
        var labels = _folder.Write("labels", "203.0.113.20 guesser\n198.51.100.0/24 innocent partner # all of them\n");

        var (code, output, _) = Tool.Run("replay", "--year=2026", "--timezone=UTC", $"--labels={labels}", log);
        var json = Tool.Run("replay", "--json", "--year=2026", "--timezone=UTC", $"--labels={labels}", log)
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        code.Should().Be(0);
        output.Should().Contain("9 wrong guesses by 2 hosts")
            .And.Contain("\nprecision     0.500  of 2 blocked hosts 1 guess\n").And.Contain("\npartner ");
        json[^1].Should().StartWith("{\"action\":\"summary\"");
        json[^2].Should().StartWith("{\"action\":\"score\",\"precision\":0.5,");
    }

    [TestCase("score: the truth is missing", 64)]
    [TestCase("score: no log is named", 64, "--truth=TRUTH")]
    [TestCase("'NONE' cannot be read", 66, "--truth=NONE", "LOG")]
    [TestCase("TRUTH:1: it is no JSON object", 78, "--truth=TRUTH", "LOG")]
    [TestCase("BANS:2: 'soon' is not a time", 78, "--truth=GOOD", "--bans=BANS", "LOG")]
    public void What_is_wrong_is_said(string expected, int code, params string[] arguments)
    {
        var files = new Dictionary<string, string>
        {
            ["TRUTH"] = _folder.Write("truth", "nonsense\n"),
            ["GOOD"] = _folder.Write("good", "{\"ip\":\"192.0.2.1\",\"guesser\":true}\n"),
            ["BANS"] = _folder.Write("bans", "# ours\nsoon 192.0.2.1\n"),
            ["LOG"] = _folder.Write("log", ""),
            ["NONE"] = _folder["none"],
        };
        if (expected.Contains("no log", StringComparison.Ordinal))
            files["TRUTH"] = files["GOOD"];

        var ran = Tool.Run(["score", .. arguments.Select(Filled)]);

        ran.Errors.Should().StartWith("blocksmtp: ").And.Contain(Filled(expected));
        ran.ExitCode.Should().Be(code);

        string Filled(string text) =>
            files.Aggregate(text, (filled, file) => filled.Replace(file.Key, file.Value, StringComparison.Ordinal));
    }

    private static JsonElement ScoreOf(params string[] arguments)
    {
        var (code, output, errors) = Tool.Run(["score", "--json", "--year=2026", .. arguments]);
        errors.Should().BeEmpty();
        code.Should().Be(0);
        return JsonDocument.Parse(output).RootElement;
    }

    private static double Figure(JsonElement score, string name) => score.GetProperty(name).GetDouble();
}
