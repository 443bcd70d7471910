using CommandLine;

namespace BlockSmtp.Cli.Options;

[Verb("completion", HelpText = "Print a script that completes this command in a shell.")]
[Example("blocksmtp completion bash > /usr/share/bash-completion/completions/blocksmtp")]
[Example("blocksmtp completion zsh > /usr/share/zsh/vendor-completions/_blocksmtp")]
internal sealed class CompletionVerb
{
    [Value(0, MetaName = "SHELL", HelpText = "bash or zsh.")]
    public IEnumerable<string> Shells { get; set; } = [];
}
