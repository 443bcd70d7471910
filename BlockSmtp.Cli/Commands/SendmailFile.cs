namespace BlockSmtp.Cli.Commands;

/// <summary>A <c>sendmail.cf</c> (sendmail, doc/op: "The configuration file").</summary>
internal static class SendmailFile
{
    /// <summary>Lines with what goes on in the next ones, without comments.</summary>
    public static IEnumerable<string> Whole(IEnumerable<string> lines)
    {
        var whole = "";
        foreach (var line in lines)
        {
            if (line.Length > 0 && line[0] is ' ' or '\t')
            {
                whole += line;
                continue;
            }

            yield return whole;
            whole = line.StartsWith('#') ? "" : line;
        }

        yield return whole;
    }

    /// <summary>What an option is set to, each time that it is set: <c>O LogLevel=9</c>, or in its old form <c>OL9</c>.</summary>
    /// <param name="lines">The lines of the file.</param>
    /// <param name="name">The option's name.</param>
    /// <param name="letter">Its old name.</param>
    public static IEnumerable<string> ValuesOf(IEnumerable<string> lines, string name, char letter)
    {
        foreach (var line in Whole(lines))
        {
            if (!line.StartsWith('O') || line.Length < 2)
                continue;
            if (line[1] == letter)
                yield return line[2..].Trim();
            else if (line[1] == ' '
                && line.IndexOf('=') is > 0 and var at
                && line[1..at].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                yield return line[(at + 1)..].Trim();
        }
    }
}
