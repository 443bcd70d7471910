using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>The help text of a command, from the same attributes that its options are read by.</summary>
internal static class HelpPage
{
    private const int Column = 34;
    private const int Width = 100;

    public static string For<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TVerb>()
    {
        var text = new StringBuilder();
        if (typeof(TVerb) == typeof(ReplayVerb))
        {
            text.AppendLine("blocksmtp replay - read finished mail logs and tell who would have been blocked").AppendLine();
            text.AppendLine("  blocksmtp replay [options] FILE...").AppendLine();
            text.AppendLine("Examples:");
            text.AppendLine("  blocksmtp replay /var/log/mail.log.2.gz /var/log/mail.log.1 /var/log/mail.log");
            text.AppendLine("  blocksmtp replay --json --max-offenses=5 --white-list=/etc/blocksmtp.whitelist /var/log/mail.log").AppendLine();
            text.AppendLine("FILE is a log, several are one stream in the order given; .gz is unpacked, - is standard input.").AppendLine();
        }
        else
        {
            text.AppendLine("blocksmtp - block hosts that guess user names on a sendmail server, while they are still guessing").AppendLine();
            text.AppendLine("  blocksmtp [daemon] [options]        follow the mail log and block (the default)");
            text.AppendLine("  blocksmtp replay [options] FILE...  read finished logs and tell who would have been blocked");
            text.AppendLine("  blocksmtp replay --help             the options of replay").AppendLine();
            text.AppendLine("Examples:");
            text.AppendLine("  blocksmtp --dry-run --debug=3                    only say who would be blocked from now on");
            text.AppendLine("  blocksmtp --white-list=/etc/blocksmtp.whitelist --debug=3 --debug-to-syslog").AppendLine();
        }

        text.AppendLine("Options (TIME is a number of seconds, or 90s, 15m, 3h, 2d):");
        foreach (var option in Options(typeof(TVerb)))
            AppendOption(text, option);
        AppendWrapped(text, "      --help", "This text.");
        AppendWrapped(text, "      --version", "The version.");
        text.AppendLine();
        text.Append("Exit codes: 0 fine, 64 bad option, 66 unreadable file, 69 something needed is missing, 70 a defect,\n74 input/output error, 77 not permitted, 78 bad white-list.");
        return text.ToString();
    }

    public static IEnumerable<string> OptionNames([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type verb) =>
        Options(verb).Select(option => option.LongName);

    public static IEnumerable<OptionAttribute> Options([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type verb) =>
        verb.GetProperties().Select(property => property.GetCustomAttribute<OptionAttribute>()).OfType<OptionAttribute>();

    private static void AppendOption(StringBuilder text, OptionAttribute option) =>
        AppendWrapped(text, string.IsNullOrEmpty(option.MetaValue) ? $"      --{option.LongName}" : $"      --{option.LongName}={option.MetaValue}", option.HelpText);

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
