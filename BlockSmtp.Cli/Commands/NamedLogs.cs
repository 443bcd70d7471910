using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>The finished logs that a command line names, and how they are read.</summary>
internal sealed class NamedLogs
{
    private readonly LogsVerb _verb;
    private readonly TimeZoneInfo _zone;

    public NamedLogs(LogsVerb verb)
    {
        _verb = verb;
        _zone = Zone(verb.TimeZone);
        FirstYear = verb.Year is null ? null : OptionValue.Number("year", verb.Year, 0, 1970, 9000);
        Files = [.. verb.Files.Select(file => OptionValue.Path("FILE", file)!)];
    }

    public string[] Files { get; }

    /// <summary>
    /// The year of the first line; null where nobody has said it, and the logs have not been looked at yet or do not tell.
    /// </summary>
    public int? FirstYear { get; private set; }

    /// <summary>How they are replayed: new ones each time, as each replay has an observer of its own.</summary>
    public ReplayOptions MakeOptions()
    {
        var options = new ReplayOptions
        {
            TimeZone = _zone,
            FirstYear = FirstYear,
            OwnAddresses = OptionValue.Addresses("mailer-ip", _verb.MailerIps),
        };
        options.Fill(_verb);
        return options;
    }

    /// <summary>Finds out their first year, and has them read.</summary>
    /// <exception cref="CommandException">They cannot be read.</exception>
    public async Task ReadAsync(Func<Task> read)
    {
        try
        {
            FirstYear ??= LogYears.FindFirst(Files, _zone, TimeProvider.System.GetUtcNow());
            if (FirstYear is null && Files.Length > 0 && Files.All(IsFullText))
            {
                var file = Printable.Show(Files[0]);
                Console.Error.WriteLine(
                    $"blocksmtp: no line of '{file}' begins with a time as syslog or Exim writes it: is it a mail log?");
            }

            await read();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandException(ExitCode.NoInput, e.Message);
        }
        catch (IOException e)
        {
            var cannotOpen = e is FileNotFoundException or DirectoryNotFoundException || Files.Any(Directory.Exists);
            throw new CommandException(cannotOpen ? ExitCode.NoInput : ExitCode.IoError, e.Message);
        }
    }

    /// <summary>Whether a file has something in it, and can be looked into; what is compressed or a pipe has not been.</summary>
    private static bool IsFullText(string path) =>
        !path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) && new FileInfo(path) is { Exists: true, Length: > 0 };

    private static TimeZoneInfo Zone(string? name)
    {
        if (name is null)
            return TimeZoneInfo.Local;
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception e)
            when (e is TimeZoneNotFoundException or InvalidTimeZoneException or ArgumentException or UnauthorizedAccessException
                or IOException)
        {
            throw CommandException.BadValue("timezone", name, "a time zone of this machine such as UTC or Europe/Berlin");
        }
    }
}
