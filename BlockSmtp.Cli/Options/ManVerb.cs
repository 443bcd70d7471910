using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("man", HelpText = "Print a manual page as man(1) reads it: blocksmtp(8) or blocksmtp.conf(5).")]
[Example("blocksmtp man 8 | man -l -")]
internal sealed class ManVerb
{
    [Value(0, MetaName = "SECTION", HelpText = "8 for blocksmtp(8), 5 for blocksmtp.conf(5).")]
    public IEnumerable<string> Sections { get; set; } = [];
}
