using System.Text.Json;
using BlockSmtp.Scoring;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes how well decisions agree with the truth.</summary>
internal static class ScoreReport
{
    public static void Write(TextWriter output, Score score, IFormatProvider format)
    {
        Line("precision", score.Precision, "0.000",
            $"of {score.GuessersBlocked + score.InnocentsBlocked:N0} blocked hosts {score.GuessersBlocked:N0} guess");
        Line("recall", score.Recall, "0.000",
            $"of {score.Persistent:N0} guessers with {Score.Persistence} names or more {score.PersistentBlocked:N0} are blocked");
        Line("of all", score.RecallOfAll, "0.000", $"of {score.Guessers:N0} guessers {score.GuessersBlocked:N0} are blocked");
        Line("harm", score.HarmPer10000, "0.0",
            $"of 10,000: mail for {score.Harmed:N0} of {score.Accepted:N0} recipients of {score.Innocents:N0} innocents met a block");
        Line("leaked", score.LeakMedian, "0",
            $"guesses answered before the first block, median; {Number(score.LeakHigh, "0")} of the worst one in twenty");
        if (score.NamesToLearn > 0)
            Line("learnt", score.NamesLearnt, "0", $"of {score.NamesToLearn:N0} names that guessers would have learnt");
        Line("delay", score.DelayMedian, "0.0", $"seconds from the first guess to the block, median");
        if (score.Unlabelled > 0)
            Line("unlabelled", score.Unlabelled, "0", $"blocked hosts of which the truth says nothing: not counted");
        if (score.Kinds.Count == 0)
            return;
        var width = Math.Max("kind".Length, score.Kinds.Max(kind => kind.Kind.Length));
        output.WriteLine();
        output.WriteLine($"{"kind".PadRight(width)}    hosts  blocked    asked  answered or lost");
        foreach (var kind in score.Kinds.OrderBy(kind => kind.IsGuesser))
        {
            var lost = kind.IsGuesser ? "answered" : "lost";
            output.WriteLine(string.Create(format,
                $"{kind.Kind.PadRight(width)}  {kind.Hosts,7:N0}  {kind.Blocked,7:N0}  {kind.Asked,7:N0}  {kind.Lost,7:N0} {lost}"));
        }

        void Line(string what, double figure, string pattern, FormattableString meaning) =>
            output.WriteLine($"{what,-10}  {Number(figure, pattern),7}  {meaning.ToString(format)}");

        string Number(double figure, string pattern) => double.IsNaN(figure) ? "-" : figure.ToString(pattern, format);
    }

    /// <summary>Writes the members of an object. What there is no figure for is null.</summary>
    public static void Write(Utf8JsonWriter json, Score score)
    {
        Number("precision", score.Precision);
        Number("recall", score.Recall);
        Number("recall_of_all", score.RecallOfAll);
        Number("harm_per_10000", score.HarmPer10000);
        Number("leaked_median", score.LeakMedian);
        Number("leaked_95", score.LeakHigh);
        Number("delay_seconds_median", score.DelayMedian);
        json.WriteNumber("guessers", score.Guessers);
        json.WriteNumber("guessers_blocked", score.GuessersBlocked);
        json.WriteNumber("persistent", score.Persistent);
        json.WriteNumber("persistent_blocked", score.PersistentBlocked);
        json.WriteNumber("innocents", score.Innocents);
        json.WriteNumber("innocents_blocked", score.InnocentsBlocked);
        json.WriteNumber("accepted", score.Accepted);
        json.WriteNumber("harmed", score.Harmed);
        json.WriteNumber("guesses", score.Guesses);
        json.WriteNumber("guesses_answered", score.GuessesAnswered);
        json.WriteNumber("names_to_learn", score.NamesToLearn);
        json.WriteNumber("names_learnt", score.NamesLearnt);
        json.WriteNumber("unlabelled", score.Unlabelled);

        void Number(string name, double figure)
        {
            if (double.IsFinite(figure))
                json.WriteNumber(name, Math.Round(figure, 4));
            else
                json.WriteNull(name);
        }
    }
}
