namespace BlockSmtp.Cli.Options;

/// <summary>How a command takes the configuration file and the environment.</summary>
internal enum ConfigurationUse
{
    /// <summary>Any error in it ends the command.</summary>
    Strict,

    /// <summary>An error in the usual file is said, and the command goes on without.</summary>
    Lenient,

    /// <summary>Not, unless a file is named: what it answers must not depend on the machine that it runs on.</summary>
    OnlyWhenNamed,
}
