using System.Globalization;
using BlockSmtp.Cli.Names;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>Asks for the addresses of the white-list's names. What has no answer keeps the last one.</summary>
internal static class ResolveCommand
{
    public static async Task<int> RunAsync(ResolveVerb verb)
    {
        if (OptionValue.Path("white-list-names", verb.WhiteListNames) is not { } file)
        {
            Console.Out.WriteLine("there is nothing to ask for: no --white-list-names");
            return ExitCode.Ok;
        }

        var path = OptionValue.Path("names-cache", verb.NamesCache) ?? NamesCache.UsualPath;
        var names = NamesFile.Load("white-list-names", file);
        var resolver = new NameResolver(new DnsLookup(OptionValue.Listen("dns-server", verb.DnsServer)));
        try
        {
            var (known, failed) = await ResolveAsync(resolver, names.Keys, NamesCache.Load(path), verb.All);
            NamesCache.Save(path, known);
            return failed ? ExitCode.Unavailable : ExitCode.Ok;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed("names-cache", path, e);
        }
    }

    private static async Task<(IReadOnlyList<KnownName> Known, bool Failed)> ResolveAsync(
        NameResolver resolver, IEnumerable<TrustedName> names, IReadOnlyDictionary<TrustedName, KnownName> before, bool all)
    {
        List<KnownName> known = [];
        var failed = false;
        foreach (var name in names)
        {
            var now = DateTimeOffset.UtcNow;
            var last = before.GetValueOrDefault(name);
            if (last is not null && last.Due > now && !all)
            {
                known.Add(last);
                continue;
            }

            try
            {
                var found = await resolver.ResolveAsync(name, now);
                known.Add(found);
                Console.Out.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{name}: {string.Join(' ', found.Networks.Select(NetworkText.Show))}, "
                        + $"to be asked again at {found.Due:yyyy-MM-dd HH:mm:ss} UTC"));
            }
            catch (DnsFailure e)
            {
                failed = true;
                var stays = last is null
                    ? "nothing is known of it"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"what was known at {last.Answered:yyyy-MM-dd HH:mm} UTC stays until {last.Answered + KnownName.Keep:yyyy-MM-dd}");
                Console.Error.WriteLine($"blocksmtp: {name}: {Printable.Show(e.Message)}: {stays}");
                if (last is not null)
                    known.Add(last);
            }
        }

        return (known, failed);
    }
}
