using System.Text;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes the completion for bash, which needs nothing but bash itself.</summary>
internal static class BashCompletion
{
    public static string Text(IReadOnlyList<CliCommand> commands)
    {
        var text = new StringBuilder();
        text.AppendLine("# bash completion for blocksmtp; 'blocksmtp completion bash' writes it.");
        text.AppendLine("_blocksmtp() {");
        text.AppendLine("  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= options= option=");
        text.AppendLine("  COMPREPLY=()");
        text.AppendLine($"  case ${{COMP_WORDS[1]}} in {string.Join('|', commands.Select(known => known.Name))}) [ \"$COMP_CWORD\" -eq 1 ] "
            + $"|| command=${{COMP_WORDS[1]}} ;; esac");
        text.AppendLine("  # bash takes --name=value apart at its sign.");
        text.AppendLine("  if [ \"$current\" = = ]; then option=$previous current=");
        text.AppendLine("  elif [ \"$previous\" = = ]; then option=${COMP_WORDS[COMP_CWORD-2]}");
        text.AppendLine("  elif [[ $previous == --* && $current != -* ]]; then option=$previous; fi");
        text.AppendLine("  case $option in");
        foreach (var option in commands.SelectMany(known => known.Options).DistinctBy(option => option.Name).Where(option =>
            !option.IsFlag))
        {
            if (option.IsFile)
                text.AppendLine($"    --{option.Name}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;");
            else if (option.Values.Count > 0)
                text.AppendLine(
                    $"    --{option.Name}) COMPREPLY=($(compgen -W '{string.Join(' ', option.Values)}' -- \"$current\")); return ;;");
            else
                text.AppendLine($"    --{option.Name}) return ;;");
        }

        text.AppendLine("  esac");
        text.AppendLine("  case $command in");
        foreach (var known in commands)
        {
            var names = known.IsDefault ? $"''|{known.Name}" : known.Name;
            var options = known.Options.Select(option => option.IsFlag || option.MayLackValue ? $"--{option.Name}" : $"--{option.Name}=");
            text.AppendLine($"    {names}) options='{string.Join(' ', [.. options, "--help"])}' ;;");
        }

        text.AppendLine("  esac");
        text.AppendLine("  if [[ $current == -* ]]; then");
        text.AppendLine("    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))");
        text.AppendLine("    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null");
        text.AppendLine("  elif [ -z \"$command\" ]; then");
        text.AppendLine($"    COMPREPLY=($(compgen -W '{string.Join(' ', commands.Select(known => known.Name))}' -- \"$current\"))");
        text.AppendLine("  else");
        text.AppendLine("    case $command in");
        text.AppendLine("      replay|tune|score) COMPREPLY=($(compgen -f -- \"$current\")) ;;");
        text.AppendLine("      completion) COMPREPLY=($(compgen -W 'bash zsh' -- \"$current\")) ;;");
        text.AppendLine("      man) COMPREPLY=($(compgen -W '8 5' -- \"$current\")) ;;");
        text.AppendLine("      why|unblock) COMPREPLY=($(compgen -W \"$(blocksmtp list --json 2>/dev/null | sed -n "
            + "'s/^{\"address\":\"\\([^\"]*\\)\".*/\\1/p')\" -- \"$current\")) ;;");
        text.AppendLine("    esac");
        text.AppendLine("  fi");
        text.AppendLine("}");
        text.AppendLine("complete -F _blocksmtp blocksmtp");
        return text.ToString();
    }
}
