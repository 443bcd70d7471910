using System.Text;
using BlockSmtp.Cli.Commands;

namespace BlockSmtp.Cli.Options;

/// <summary>The help text of a command, from the same attributes that its options are read by.</summary>
internal static class HelpPage
{
    private const int Column = 34;
    private const int Width = 100;
    private const int NarrowWidth = 80;

    public static string For(CliCommand command)
    {
        var text = new StringBuilder();
        if (command.IsDefault)
            AppendOverview(text);
        else
            text.AppendLine($"{command.Usage}").AppendLine().AppendLine(command.Summary).AppendLine();
        AppendExamples(text, command);
        foreach (var operand in command.Operands)
            text.Append(operand.MetaName.TrimEnd('.')).Append(": ").AppendLine(operand.HelpText);
        if (command.Operands.Count > 0)
            text.AppendLine();
        text.AppendLine("Options (TIME is a number of seconds, or 90s, 15m, 3h, 2d):");
        foreach (var option in command.Options)
            AppendWrapped(text, "      " + option.Usage, option.Help);
        AppendWrapped(text, "      --help", "This text.");
        AppendWrapped(text, "      --version", "The version.");
        text.AppendLine();
        text.Append(ExitCodes());
        return text.ToString();
    }

    /// <summary>As wide as a terminal that nobody has widened.</summary>
    private static string ExitCodes()
    {
        var text = new StringBuilder("Exit codes:");
        var length = text.Length;
        var last = ExitCode.Meanings[^1];
        foreach (var meaning in ExitCode.Meanings)
        {
            var words = $"{meaning.Code} {meaning.Meaning}{(meaning == last ? "." : ",")}";
            if (length + 1 + words.Length > NarrowWidth)
            {
                text.AppendLine().Append("           ");
                length = 11;
            }

            text.Append(' ').Append(words);
            length += 1 + words.Length;
        }

        return text.ToString();
    }

    private static void AppendOverview(StringBuilder text)
    {
        text.AppendLine("blocksmtp - block hosts that guess user names on a mail server, while they are still guessing").AppendLine();
        foreach (var known in CommandTable.All)
            AppendWrapped(text, "  " + known.Usage, known.Summary);
        text.AppendLine().AppendLine("blocksmtp COMMAND --help has the options of a command. These are those of the daemon.").AppendLine();
    }

    private static void AppendExamples(StringBuilder text, CliCommand command)
    {
        if (command.Examples.Count == 0)
            return;
        text.AppendLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
        var width = command.Examples.Where(example => example.Meaning.Length > 0).Select(example => example.CommandLine.Length).DefaultIfEmpty().Max();
        foreach (var example in command.Examples)
            text.AppendLine(example.Meaning.Length > 0 ? $"  {example.CommandLine.PadRight(width)}  {example.Meaning}" : $"  {example.CommandLine}");
        text.AppendLine();
    }

    private static void AppendWrapped(StringBuilder text, string head, string help)
    {
        var line = new StringBuilder(head.PadRight(Column));
        if (head.Length >= Column)
            line.Append(' ');
        foreach (var word in help.Split(' '))
        {
            if (line.Length + word.Length > Width)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line.Clear().Append(' ', Column);
            }

            line.Append(word).Append(' ');
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
