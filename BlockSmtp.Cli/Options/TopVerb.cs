using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("top",
    HelpText = "Watch the hosts by their wrong guesses a minute, and what happens; on a pipe, "
        + "a line for each event. Ends with q or Ctrl-C.")]
[Example("blocksmtp top")]
internal sealed class TopVerb : ControlVerb
{
    [Option("once", HelpText = "Write what is to be seen now, and end.")]
    public bool Once { get; set; }
}
