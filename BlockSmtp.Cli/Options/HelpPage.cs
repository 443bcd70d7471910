using System.Text;
using BlockSmtp.Cli.Commands;

namespace BlockSmtp.Cli.Options;

/// <summary>The help text of a command, from the same attributes that its options are read by.</summary>
internal static class HelpPage
{
    // As wide as a terminal that nobody has widened.
    private const int Width = 80;
    private const int Column = 30;

    public static string For(CliCommand command)
    {
        var text = new StringBuilder();
        if (command.IsDefault)
        {
            AppendOverview(text);
        }
        else
        {
            text.AppendLine(command.Usage).AppendLine();
            AppendWords(text, "", 0, command.Summary);
            text.AppendLine();
        }

        AppendExamples(text, command);
        foreach (var operand in command.Operands)
            AppendWords(text, $"{operand.MetaName.TrimEnd('.')}: ", 2, operand.HelpText);
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

    private static string ExitCodes()
    {
        var text = new StringBuilder("Exit codes:");
        var length = text.Length;
        var last = ExitCode.Meanings[^1];
        foreach (var meaning in ExitCode.Meanings)
        {
            var words = $"{meaning.Code} {meaning.Meaning}{(meaning == last ? "." : ",")}";
            if (length + 1 + words.Length > Width)
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
        AppendWords(text, "", 0, "blocksmtp - block hosts that guess user names on a mail server, while they are still guessing");
        text.AppendLine();
        foreach (var known in CommandTable.All)
            AppendWrapped(text, "  " + known.Usage, known.Summary);
        text.AppendLine();
        AppendWords(text, "", 0, "blocksmtp COMMAND --help has the options of a command. These are those of the daemon.");
        text.AppendLine();
    }

    private static void AppendExamples(StringBuilder text, CliCommand command)
    {
        if (command.Examples.Count == 0)
            return;
        text.AppendLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
        var width = command.Examples.Where(example => example.Meaning.Length > 0)
            .Select(example => example.CommandLine.Length)
            .DefaultIfEmpty()
            .Max();
        foreach (var example in command.Examples)
        {
            var beside = $"  {example.CommandLine.PadRight(width)}  {example.Meaning}".TrimEnd();
            text.AppendLine(beside.Length <= Width ? beside : $"  {example.CommandLine}");
            if (beside.Length > Width)
                AppendWords(text, "      ", 6, example.Meaning);
        }

        text.AppendLine();
    }

    /// <summary>What is too long to stand beside its meaning has a line of its own.</summary>
    private static void AppendWrapped(StringBuilder text, string head, string help)
    {
        if (head.Length + 1 < Column)
        {
            AppendWords(text, head.PadRight(Column), Column, help);
            return;
        }

        text.AppendLine(head);
        AppendWords(text, new string(' ', Column), Column, help);
    }

    private static void AppendWords(StringBuilder text, string head, int indent, string words)
    {
        var line = new StringBuilder(head);
        foreach (var word in words.Split(' '))
        {
            if (line.Length + word.Length > Width)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line.Clear().Append(' ', indent);
            }

            line.Append(word).Append(' ');
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
