using System.Text.Json;
using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>What <c>blocksmtp replay --json</c> said of a log, beside what is true of it.</summary>
/// <param name="Missed">Guessers that it would not have blocked.</param>
/// <param name="Wrong">Others that it would have blocked.</param>
/// <param name="Differences">In what else the two differ, in words.</param>
internal sealed record Verdicts(int Blocked, int Missed, int Wrong, IReadOnlyList<string> Differences)
{
    public bool AreRight => Missed == 0 && Wrong == 0 && Differences.Count == 0;

    public static Verdicts Compare(Truth truth, string output)
    {
        HashSet<string> blocked = [];
        List<string> differences = [];
        foreach (var line in File.ReadLines(output))
        {
            var said = JsonDocument.Parse(line).RootElement;
            switch (said.GetProperty("action").GetString())
            {
                case "block":
                    blocked.Add(said.GetProperty("address").GetString()!);
                    break;
                case "summary":
                    Expect("lines", truth.Lines);
                    Expect("offenses", truth.Offenses);
                    Expect("hosts", truth.Hosts.Count);
                    Expect("unresolved", 0);
                    Expect("ambiguous", 0);
                    break;
            }

            void Expect(string name, long expected)
            {
                if (said.GetProperty(name).GetInt64() is var actual && actual != expected)
                    differences.Add($"{name} is {actual} and should be {expected}");
            }
        }

        var guessers = truth.Guessers.ToHashSet();
        return new Verdicts(blocked.Count, guessers.Except(blocked).Count(), blocked.Except(guessers).Count(), differences);
    }
}
