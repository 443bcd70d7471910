using System.Globalization;
using BlockSmtp.Benchmarks;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Quality.Rules;
using BlockSmtp.Quality.Simulation;
using BlockSmtp.Scoring;

namespace BlockSmtp.Quality;

/// <summary>Plays every rule over every scenario and prints what came of it.</summary>
internal sealed class QualityCommand(Arguments arguments)
{
    // What issues have asked for, and what a change of the rule must not lose.
    private const double LeastPrecision = 0.985;
    private const double LeastRecall = 0.95;
    private const double MostHarm = 20;
    private const double MostHarmAtGate = 10;
    private const double MostLeaked = 5;

    private readonly string _directory = Directory.CreateTempSubdirectory("blocksmtp-quality-").FullName;
    private readonly Dictionary<(string Scenario, Rule Rule), List<Played>> _played = [];

    /// <returns>0 when the default reaches what it is to, else 2.</returns>
    public int Run()
    {
        var names = arguments.Text("scenarios", "small,university,botnet,newsletters,quiet").Split(',');
        Scenario[] scenarios = [.. names.Select(name => Scenario.All.FirstOrDefault(scenario => scenario.Name == name)
            ?? throw new ArgumentException(
                $"there is no scenario '{name}', but {string.Join(", ", Scenario.All.Select(known => known.Name))}"))];
        var (first, seeds) = (arguments.Number("first-seed", 1), arguments.Number("seeds", 3));
        if (arguments.Has("save"))
            return Save(scenarios, first, seeds);
        var tables = Tables();
        try
        {
            foreach (var scenario in scenarios)
            {
                for (var seed = first; seed < first + seeds; seed++)
                    Play(scenario, seed, isFirst: seed == first, tables);
            }
        }
        finally
        {
            Directory.Delete(_directory, recursive: true);
        }

        return Report(scenarios, tables, string.Create(CultureInfo.InvariantCulture,
            $"Commit {arguments.Text("commit", "unknown")}, seeds {first} to {first + seeds - 1} of each scenario, summed"));
    }

    /// <summary>Which tables are wanted: the first one of all seeds, the others of the first.</summary>
    private List<(string Name, IReadOnlyList<Rule> Rules)> Tables()
    {
        List<(string, IReadOnlyList<Rule>)> tables = [("results", Variants.Rules)];
        if (arguments.Has("write") || arguments.Has("parts"))
            tables.AddRange([("parts", Variants.Parts), ("curve", Variants.Curve)]);
        if (arguments.Has("sensitivity"))
            tables.Add(("sensitivity", Variants.Sensitivity));
        return tables;
    }

    private int Save(Scenario[] scenarios, int first, int seeds)
    {
        Directory.Delete(_directory);
        foreach (var scenario in scenarios)
        {
            for (var seed = first; seed < first + seeds; seed++)
            {
                var directory = Path.Combine(arguments.Text("save"), $"{scenario.Name}-{seed}");
                SimulatedLog.Of(scenario, (ulong)seed).Save(directory);
                Console.Out.WriteLine(directory);
            }
        }

        return 0;
    }

    private void Play(Scenario scenario, int seed, bool isFirst, List<(string Name, IReadOnlyList<Rule> Rules)> tables)
    {
        var log = SimulatedLog.Of(scenario, (ulong)seed);
        var file = Path.Combine(_directory, "mail.log");
        log.WriteLog(file);
        Console.Error.WriteLine($"{scenario.Name} {seed}: {log.Lines.Count:N0} lines, {log.Transactions.Count:N0} transactions");
        foreach (var rule in tables.Where(table => isFirst || table.Name == "results").SelectMany(table => table.Rules))
        {
            var key = (scenario.Name, rule);
            if (!_played.TryGetValue(key, out var played))
                _played[key] = played = [];
            played.Add(rule.Play(log, file));
        }
    }

    private int Report(Scenario[] scenarios, List<(string Name, IReadOnlyList<Rule> Rules)> tables, string note)
    {
        var page = arguments.Has("write") ? new Page(arguments.Text("write")) : null;
        foreach (var (name, rules) in tables)
        {
            var text = name == "results" ? $"{note}.\n\n{Results(scenarios, rules)}" : $"{Means(scenarios, rules)}";
            Console.Out.WriteLine($"## {name}\n\n{text}");
            page?.Replace(name, text);
        }

        if (arguments.Has("kinds"))
            Console.Out.WriteLine($"## kinds\n\n{Kinds(scenarios, Variants.Rules[0])}");
        page?.Save();
        string[] missed =
        [
            .. scenarios.SelectMany(scenario => Missed(scenario.Name, SumOf(scenario.Name, Variants.Rules[0]), MostHarm)),
            .. scenarios.SelectMany(scenario =>
                Missed($"{scenario.Name}, with the gate", SumOf(scenario.Name, Variants.Rules[1]), MostHarmAtGate)),
        ];
        foreach (var line in missed)
            Console.Out.WriteLine(line);
        return missed.Length == 0 ? 0 : 2;
    }

    private static IEnumerable<string> Missed(string scenario, Score score, double mostHarm)
    {
        if (score.Precision < LeastPrecision)
            yield return Show($"{scenario}: precision {score.Precision:0.0000}, less than {LeastPrecision}");
        if (score.Recall < LeastRecall)
            yield return Show($"{scenario}: recall {score.Recall:0.0000}, less than {LeastRecall}");
        if (score.HarmPer10000 > mostHarm)
            yield return Show($"{scenario}: harm {score.HarmPer10000:0.0}, more than {mostHarm}");
        if (score.LeakMedian > MostLeaked)
            yield return Show($"{scenario}: {score.LeakMedian} guesses leaked, more than {MostLeaked}");
    }

    private Table Results(Scenario[] scenarios, IReadOnlyList<Rule> rules)
    {
        var table = new Table(
            "scenario, rule", "precision", "recall, ≥ 4 names", "of all guessers", "lost of 10,000", "leaked, median / 95 %",
                "names learnt", "s to the block, median", "bytes a host");
        foreach (var scenario in scenarios)
        {
            foreach (var rule in rules)
            {
                var score = SumOf(scenario.Name, rule);
                var bytes = _played[(scenario.Name, rule)].Max(played => played.BytesPerHost);
                table.Add(
                    $"{scenario.Name}: {rule.Name}", Show($"{score.Precision:0.000}"), Show($"{score.Recall:0.000}"),
                    Show($"{score.RecallOfAll:0.00}"), Show($"{score.HarmPer10000:0.0}"),
                    Show($"{score.LeakMedian} / {score.LeakHigh}"), Show($"{score.NamesLearnt} of {score.NamesToLearn}"),
                    Show($"{score.DelayMedian:0.0}"), bytes is null ? "" : Show($"{bytes:0}"));
            }
        }

        return table;
    }

    /// <summary>
    /// All scenarios in one row, of the first seed: the mean of each figure, so that a scenario of ten thousand hosts does not drown the
    /// others.
    /// </summary>
    private Table Means(Scenario[] scenarios, IReadOnlyList<Rule> rules)
    {
        var table = new Table("", "precision", "recall, ≥ 4 names", "of all guessers", "lost of 10,000", "leaked, median / 95 %",
            "leaked in one held session");
        foreach (var rule in rules)
        {
            Score[] scores = [.. scenarios.Select(scenario => _played[(scenario.Name, rule)][0].Score)];
            var sum = Score.Sum(scores);
            var held = sum.Kinds.FirstOrDefault(kind => kind.Kind == "g-burst")?.LeakMedian;
            table.Add(
                rule.Name, Show($"{scores.Average(score => score.Precision):0.000}"),
                    Show($"{scores.Average(score => score.Recall):0.000}"), Show($"{scores.Average(score => score.RecallOfAll):0.00}"),
                Show($"{scores.Average(score => score.HarmPer10000):0.0}"), Show($"{sum.LeakMedian} / {sum.LeakHigh}"), Show($"{held}"));
        }

        return table;
    }

    /// <summary>Which kinds of hosts a rule has blocked, and of innocents those whose mail met a block.</summary>
    private Table Kinds(Scenario[] scenarios, Rule rule)
    {
        var table = new Table("scenario, kind", "hosts", "blocked", "recipients", "answered, or of messages that met a block");
        foreach (var scenario in scenarios)
        {
            foreach (var kind in SumOf(scenario.Name, rule).Kinds.Where(kind => kind.IsGuesser || kind.Blocked > 0 || kind.Lost > 0))
                table.Add(
                    $"{scenario.Name}: {kind.Kind}",
                    Show($"{kind.Hosts}"),
                    Show($"{kind.Blocked}"),
                    Show($"{kind.Asked}"),
                    Show($"{kind.Lost}"));
        }

        return table;
    }

    private Score SumOf(string scenario, Rule rule) => Score.Sum(_played[(scenario, rule)].Select(played => played.Score));

    private static string Show(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
