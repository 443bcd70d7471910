using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Quality.Simulation;

/// <summary>The names behind the @ of a mail server: who is there, who was, and what people and guessers make of it.</summary>
internal sealed class People
{
    private const string Vowels = "aeiorstn";

    private static readonly string[] First =
        ("adam agnes alan alex alice amy andrea anna anton barbara ben bernd bob brian carl carla chris clara dan daniel david diana "
        + "doris dora edgar elena emil emma eric eva felix fiona frank franz fred gabi george gina greta hanna hans harry heidi helga "
        + "henry hugo ida igor ina ivan jack jan jane jason jean jim joan joe john jonas julia karin karl kate ken klaus kurt lars laura "
        + "lea lena leo linda lisa lucy luis marc maria mark marta martin mary max maya michael mike mona nadia nancy nick nina nora "
        + "olga oliver oskar otto pablo patrick paul paula peter petra philip rachel ralph ray rita rob robert rosa ruth sam sandra sara "
        + "simon sofia stefan steve sue sven ted theo thomas tim tina tom tony udo ursula uwe vera victor walter wendy xenia "
        + "zoe").Split(' ');

    // What every dictionary of guessers begins with, beside first names (Bencsáth and Vajda, Efficient Directory Harvest Attacks, 2005).
    private static readonly string[] Roles =
        ("abuse accounts admin backup billing contact fax ftp guest help hr info jobs mail manager marketing mysql news noreply office "
        + "oracle orders postmaster press printer reception root sales scanner security service shop staff student support team test "
        + "user webmaster www").Split(' ');

    private static readonly string[] Syllables =
        ("ba bel bo da den do fa fe gar go ha hei ho ja ka kel ko la le lin lo ma mer mo na ner no pa pe po ra rei ro sa sel so ta tel "
        + "to va ve vo wa wei wo za").Split(' ');

    private readonly SeededRandom _random;
    private readonly string[] _surnames;
    private readonly HashSet<string> _here;
    private readonly double[] _popularity;
    private readonly double[] _lastingFame;

    public People(SeededRandom random, int users, int formerUsers)
    {
        _random = random;
        _surnames = [.. Enumerable.Range(0, 900).Select(_ => Surname()).Distinct()];
        HashSet<string> names = ["info", "sales", "webmaster"];
        while (names.Count < users + formerUsers)
            names.Add(FullName());
        string[] all = [.. names.Take(3), .. random.Shuffle(names.Skip(3))];
        Here = all[..users];
        Gone = all[users..];
        _here = [.. Here];
        _popularity = Ranks(Here.Count);
        _lastingFame = Ranks(Gone.Count);
    }

    public IReadOnlyList<string> Here { get; }

    public IReadOnlyList<string> Gone { get; }

    public bool IsHere(string name) => _here.Contains(name);

    /// <summary>One who is there; some get much more mail than others.</summary>
    public string User() => Here[Ranked(_popularity)];

    /// <summary>One who was there and still gets mail.</summary>
    public string Former() => Gone[Ranked(_lastingFame)];

    /// <summary>A name as somebody mistypes it: a letter left out, doubled, exchanged with the next, or another one.</summary>
    public string Typo()
    {
        while (true)
        {
            var name = User();
            var at = _random.Below(name.Length);
            var typo = _random.Next() switch
            {
                < 0.35 => name.Remove(at, 1),
                < 0.60 => name.Insert(at, name[at..(at + 1)]),
                < 0.85 when at + 1 < name.Length =>
                    string.Concat(name.AsSpan(0, at), name.AsSpan(at + 1, 1), name.AsSpan(at, 1), name.AsSpan(at + 2)),
                _ => string.Concat(name.AsSpan(0, at), Vowels.AsSpan(_random.Below(Vowels.Length), 1), name.AsSpan(at + 1)),
            };
            if (typo.Length > 0 && typo[0] != '.' && !IsHere(typo))
                return typo;
        }
    }

    /// <summary>Letters without a sense.</summary>
    public string Letters() => string.Create(_random.From(5, 11), _random, static (letters, random) =>
    {
        foreach (ref var letter in letters)
            letter = (char)('a' + random.Below(26));
    });

    /// <summary>A name of a dictionary.</summary>
    public string Guess() => _random.Next() switch
    {
        < 0.15 => _random.Draw(First),
        < 0.25 => _random.Draw(Roles),
        < 0.55 => $"{_random.Draw(First)}.{_random.Draw(_surnames)}",
        < 0.75 => _random.Draw(First)[0] + _random.Draw(_surnames),
        < 0.90 => _random.Draw(First) + Number(),
        _ => Letters(),
    };

    /// <summary>So many different names of a dictionary.</summary>
    public List<string> Guesses(int count)
    {
        HashSet<string> guesses = [];
        while (guesses.Count < count)
            guesses.Add(Guess());
        return [.. guesses];
    }

    /// <summary>In whose name a spammer writes: one of ours, whether there is such a one or not.</summary>
    public string Forged() => _random.Next() switch { < 0.5 => Letters(), < 0.7 => Guess(), < 0.91 => User(), _ => Former() };

    public string Sender() => $"{_random.Draw(First)}.{Letters()}@{Letters()}.example";

    public string Role() => _random.Draw(Roles);

    private string Number() => _random.From(1, 99).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string Surname() => _random.Draw(Syllables) + _random.Draw(Syllables) + (_random.Chance(0.35) ? _random.Draw(Syllables) : "")
        + _random.Draw("", "", "r", "n", "s", "ch", "mann", "ski");

    private string FullName()
    {
        var (first, last) = (_random.Draw(First), _random.Draw(_surnames));
        return _random.Next() switch { < 0.7 => $"{first}.{last}", < 0.85 => first[0] + last, < 0.93 => last, _ => first + Number() };
    }

    // Popularity falls with the rank as a power of it (Zipf), less steeply than for words.
    private static double[] Ranks(int count)
    {
        var ranks = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            ranks[i] = sum += Math.Pow(i + 3, -0.8);
        return ranks;
    }

    private int Ranked(double[] ranks)
    {
        var at = Array.BinarySearch(ranks, _random.Next() * ranks[^1]);
        return Math.Min(at < 0 ? ~at : at, ranks.Length - 1);
    }
}
