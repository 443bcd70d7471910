using System.Text;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes the completion for zsh.</summary>
internal static class ZshCompletion
{
    public static string Text(IReadOnlyList<CliCommand> commands)
    {
        var text = new StringBuilder();
        text.AppendLine("#compdef blocksmtp");
        text.AppendLine("# zsh completion for blocksmtp; 'blocksmtp completion zsh' writes it.");
        text.AppendLine("_blocksmtp() {");
        text.AppendLine("  local -a commands");
        text.AppendLine("  commands=(");
        foreach (var known in commands)
            text.AppendLine($"    {Quote($"{known.Name}:{FirstSentence(known.Summary)}")}");
        text.AppendLine("  )");
        text.AppendLine("  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then");
        text.AppendLine("    _describe command commands");
        text.AppendLine("    return");
        text.AppendLine("  fi");
        text.AppendLine("  local command=$words[2]");
        text.AppendLine($"  case $command in {string.Join('|', commands.Select(known => known.Name))}) shift words; (( CURRENT-- )) ;; "
            + $"*) command={commands.Single(known => known.IsDefault).Name} ;; esac");
        text.AppendLine("  case $command in");
        foreach (var known in commands)
        {
            text.AppendLine($"    {known.Name}) _arguments \\");
            foreach (var option in known.Options)
                text.AppendLine($"      {Quote(Specification(option))} \\");
            text.AppendLine($"      '--help[Help.]'{Operands(known)} ;;");
        }

        text.AppendLine("  esac");
        text.AppendLine("}");
        text.AppendLine("_blocksmtp \"$@\"");
        return text.ToString();
    }

    private static string Specification(CliOption option)
    {
        var help = FirstSentence(option.Help).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);
        if (option.IsFlag)
            return $"--{option.Name}[{help}]";
        var action = option.IsFile ? "_files" : option.Values.Count > 0 ? $"({string.Join(' ', option.Values)})" : " ";
        return $"--{option.Name}=[{help}]:{option.MetaValue.ToLowerInvariant().Replace(":", "\\:", StringComparison.Ordinal)}:{action}";
    }

    private static string Operands(CliCommand command) => command.Name switch
    {
        "replay" or "tune" or "score" => " '*:log:_files'",
        "completion" => " '1:shell:(bash zsh)'",
        "man" => " '1:section:(8 5)'",
        _ when command.Operands.Count > 0 => " '*:address: '",
        _ => "",
    };

    private static string FirstSentence(string text)
    {
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
