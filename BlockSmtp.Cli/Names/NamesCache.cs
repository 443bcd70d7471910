using System.Globalization;
using System.Net;
using System.Text;

namespace BlockSmtp.Cli.Names;

/// <summary>
/// The file in which the last good answer for each name is kept: <c>blocksmtp resolve</c> writes it, everybody else reads it.
/// </summary>
/// <remarks>A line each: name, time of the answer, time to ask again, networks; with tabs between.</remarks>
internal static class NamesCache
{
    /// <summary>Where it is if nothing is said.</summary>
    public const string UsualPath = "/var/cache/blocksmtp/white-list-names";

    private const string Head = "# Written by blocksmtp resolve: name, answered, ask again, networks.\n";

    /// <returns>What is known; nothing where there is no such file yet. A line that is damaged is as if it were not there.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IReadOnlyDictionary<TrustedName, KnownName> Load(string path)
    {
        Dictionary<TrustedName, KnownName> known = [];
        if (!File.Exists(path))
            return known;
        foreach (var line in File.ReadLines(path))
        {
            if (Parse(line) is { } name)
                known[name.Name] = name;
        }

        return known;
    }

    public static void Save(string path, IEnumerable<KnownName> names)
    {
        var text = new StringBuilder(Head);
        foreach (var name in names)
            text.Append(
                CultureInfo.InvariantCulture, $"{name.Name}\t{name.Answered:yyyy-MM-ddTHH:mm:ssZ}\t{name.Due:yyyy-MM-ddTHH:mm:ssZ}\t")
                .AppendJoin(' ', name.Networks.Select(NetworkText.Show)).Append('\n');
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        AtomicFile.Write(
            path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, lasts: false, file =>
                file.Write(Encoding.ASCII.GetBytes(text.ToString())));
    }

    private static KnownName? Parse(string line)
    {
        if (line.Split('\t') is not [var name, var answered, var due, var networks] || !TrustedName.TryParse(name, out var trusted)
            || !TryTime(answered, out var at) || !TryTime(due, out var next))
            return null;
        List<IPNetwork> all = [];
        foreach (var text in networks.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (NetworkText.TryParse(text, out var network))
                all.Add(network);
        }

        return new KnownName(trusted, at, next, all);
    }

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
