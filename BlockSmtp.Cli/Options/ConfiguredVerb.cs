using BlockSmtp.Cli.Configuration;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>A command whose options may also stand in the configuration file and the environment.</summary>
internal abstract class ConfiguredVerb
{
    [Option("config", MetaValue = "FILE", HelpText = "A file of options, one a line: name = value. The environment "
        + "(BLOCKSMTP_MAX_OFFENSES) and the command line go before it. Default: /etc/blocksmtp/blocksmtp.conf if it exists.")]
    public string? Config { get; set; }

    /// <summary>How this command takes it.</summary>
    public virtual ConfigurationUse ReadsConfiguration => ConfigurationUse.Strict;

    /// <summary>Where the options that are set come from, by their names.</summary>
    public Dictionary<string, SettingOrigin> Origins { get; } = [];

    /// <summary>The command line, to be read again with the configuration.</summary>
    public string[] Arguments { get; set; } = [];

    /// <summary>Says of an error in the value of an option where that value is written.</summary>
    public CommandException Locate(CommandException error) =>
        error.Option is { } option && Origins.TryGetValue(option, out var origin) && !origin.IsCommandLine ? error.At(origin.Place) : error;
}
