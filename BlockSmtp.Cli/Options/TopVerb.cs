using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("top", HelpText = "Watch the hosts by their wrong guesses a minute, and blocks and releases as they happen; on a pipe, one line for each of these. Ends with Ctrl-C.")]
[Example("blocksmtp top")]
internal sealed class TopVerb : ControlVerb
{
    [Option("once", HelpText = "Write what is to be seen now, and end.")]
    public bool Once { get; set; }
}
