using System.Globalization;
using System.Net;
using BlockSmtp.Cli.Names;

namespace BlockSmtp.Cli.Options;

/// <summary>Whom the names of an administrator stand for, as far as <c>blocksmtp resolve</c> has found out.</summary>
/// <param name="Names">How many names there are.</param>
/// <param name="Networks">Their addresses and networks, each with the name and its place.</param>
/// <param name="Missing">The names of which nothing is known, or nothing that is young enough.</param>
/// <param name="Old">The names of which the answer is more than a day overdue.</param>
internal sealed record TrustedByName(
    int Names, IReadOnlyDictionary<IPNetwork, string> Networks, IReadOnlyList<string> Missing, IReadOnlyList<string> Old)
{
    private static readonly TimeSpan Overdue = TimeSpan.FromDays(1);

    /// <summary>Reads what is known; where no names are given, nothing.</summary>
    /// <exception cref="CommandException">The names are wrong, or one of the files cannot be read.</exception>
    public static TrustedByName Load(string? namesFile, string? cache)
    {
        var path = OptionValue.Path("names-cache", cache) ?? NamesCache.UsualPath;
        if (OptionValue.Path("white-list-names", namesFile) is not { } file)
            return new TrustedByName(0, new Dictionary<IPNetwork, string>(), [], []);
        var names = NamesFile.Load("white-list-names", file);
        try
        {
            return Of(names, NamesCache.Load(path), DateTimeOffset.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Of("names-cache", ExitCode.NoInput, FileFailure.Describe(path, e));
        }
    }

    private static TrustedByName Of(
        IReadOnlyDictionary<TrustedName, string> names, IReadOnlyDictionary<TrustedName, KnownName> known, DateTimeOffset now)
    {
        Dictionary<IPNetwork, string> networks = [];
        List<string> missing = [], old = [];
        foreach (var (name, place) in names)
        {
            if (!known.TryGetValue(name, out var found) || !found.IsGood(now))
            {
                missing.Add(name.ToString());
                continue;
            }

            if (now - found.Due > Overdue)
                old.Add(name.ToString());
            foreach (var network in found.Networks)
                networks.TryAdd(
                    network,
                    string.Create(CultureInfo.InvariantCulture, $"{name} at {place}, as of {found.Answered:yyyy-MM-dd HH:mm} UTC"));
        }

        return new TrustedByName(names.Count, networks, missing, old);
    }
}
