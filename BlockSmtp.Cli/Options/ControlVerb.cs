using BlockSmtp.Cli.Configuration;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>A command that asks the running daemon.</summary>
internal abstract class ControlVerb : ConfiguredVerb
{
    /// <inheritdoc/>
    public override ConfigurationUse ReadsConfiguration => ConfigurationUse.Lenient;

    [Option("control-socket", MetaValue = "PATH", HelpText = "Where the daemon listens. Default /run/blocksmtp/control.sock.")]
    public string? ControlSocket { get; set; }
}
