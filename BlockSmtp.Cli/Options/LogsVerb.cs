using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>What counts, of whom, in finished logs.</summary>
internal abstract class LogsVerb : DetectionVerb
{
    /// <inheritdoc/>
    public override ConfigurationUse ReadsConfiguration => ConfigurationUse.OnlyWhenNamed;

    [Option("year", MetaValue = "N", HelpText = "The year of the first line, for logs whose stamps have none. Default: "
        + "the latest that does not put the last line into the future.")]
    public string? Year { get; set; }

    [Option(
        "timezone",
        MetaValue = "ZONE",
        HelpText = "The zone of stamps that name none, such as Europe/Berlin or UTC. Default: this machine's.")]
    public string? TimeZone { get; set; }

    /// <summary>The logs.</summary>
    public abstract IEnumerable<string> Files { get; set; }
}
