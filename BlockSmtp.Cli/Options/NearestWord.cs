namespace BlockSmtp.Cli.Options;

/// <summary>Finds what somebody who mistyped a word will have meant.</summary>
internal static class NearestWord
{
    /// <returns>Null where none is near.</returns>
    public static string? Find(string word, IEnumerable<string> known)
    {
        var near = known.MinBy(name => Distance(name, word));
        return near is not null && Distance(near, word) <= Math.Max(2, word.Length / 3) ? near : null;
    }

    /// <summary>How many letters must be put in, taken out or changed to get from one word to the other (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var change = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
