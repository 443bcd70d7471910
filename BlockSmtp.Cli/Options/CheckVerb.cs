using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>Has the options of the daemon, as it looks at them with the daemon's eyes.</summary>
[Verb("check", HelpText = "Tell whether the daemon would start, and why not: configuration, white-list, permissions, firewall, "
    + "and whether the log is a mail server's. Changes nothing.")]
[Example("blocksmtp check")]
[Example("blocksmtp check --print", "each value in force, and where it comes from")]
internal sealed class CheckVerb : DaemonVerb
{
    [Option("print", HelpText = "Write each option with the value in force and where it comes from.")]
    public bool Print { get; set; }
}
