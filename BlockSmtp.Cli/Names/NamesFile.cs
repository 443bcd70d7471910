using System.Globalization;

namespace BlockSmtp.Cli.Names;

/// <summary>The names that an administrator trusts, one a line; what is behind a <c>#</c> is a comment.</summary>
internal static class NamesFile
{
    /// <returns>The names, each with its place (<c>FILE:LINE</c>).</returns>
    /// <exception cref="CommandException">The file cannot be read (66), or lines in it are no names (78): all of them are said.</exception>
    public static IReadOnlyDictionary<TrustedName, string> Load(string option, string path)
    {
        Dictionary<TrustedName, string> names = [];
        List<string> mistakes = [];
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                var text = line.Split('#')[0].Trim();
                if (text.Length == 0)
                    continue;
                var place = string.Create(CultureInfo.InvariantCulture, $"{path}:{number}");
                if (TrustedName.TryParse(text, out var name))
                    names.TryAdd(name, place);
                else
                    mistakes.Add($"{place}: '{Printable.Show(text)}' is not a name: write one such as mail.example.org, "
                        + "or include:example.org for what its SPF record names; addresses belong into the white-list");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Of(option, ExitCode.NoInput, FileFailure.Describe(path, e));
        }

        return mistakes is [var first, .. var others] ? throw new CommandException(ExitCode.Config, first) { Details = others } : names;
    }
}
