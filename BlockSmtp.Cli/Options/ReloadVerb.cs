using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("reload", HelpText = "Have the daemon read its configuration and white-list again, all of it or nothing; "
    + "tells what has changed and what needs a restart.")]
[Example("blocksmtp check && blocksmtp reload")]
internal sealed class ReloadVerb : ControlVerb
{
    /// <summary>What is wrong with it the daemon would refuse, too.</summary>
    public override ConfigurationUse ReadsConfiguration => ConfigurationUse.Strict;
}
