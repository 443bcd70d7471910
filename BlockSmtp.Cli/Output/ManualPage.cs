using System.Globalization;
using BlockSmtp.Cli.Commands;
using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Output;

/// <summary>The manual pages, in man(7), from what the help is made of.</summary>
internal static class ManualPage
{
    // When what is not made of the commands was written last.
    private const string Date = "2026-11-25";

    /// <summary>blocksmtp(8).</summary>
    public static string Tool()
    {
        var page = new Roff("BLOCKSMTP", 8, Date, CommandLineReader.Version, "System Manager's Manual");
        page.Section("NAME").Text("blocksmtp - block hosts that guess user names on a mail server");
        page.Section("SYNOPSIS");
        foreach (var command in CommandTable.All.SkipLast(1))
            page.Text(command.Usage).Break();
        page.Text(CommandTable.All[^1].Usage);
        page.Section("DESCRIPTION").Text("blocksmtp follows sendmail's log, finds the hosts that guess user names, drops their packets "
            + "with firewall rules while they are still guessing, ends their sessions, and lets them in again after a time. "
            + "Without a command it is the daemon, which stays in the foreground. The other commands ask the running daemon.");
        page.Text("Options are written --name=value or --name value. TIME is a number of seconds, or 90s, 15m, 3h, 2d. "
            + "Every option of the daemon may also stand in blocksmtp.conf(5) or in the environment. "
            + "--help after any command shows its options, --version alone the version.");
        foreach (var command in CommandTable.All)
            Append(page, command);
        page.Section("SIGNALS").Text("SIGTERM and SIGINT stop the daemon in an orderly way: its rules are taken away, "
            + "unless --keep-rules is set. SIGHUP has it read its configuration and white-list again, as blocksmtp reload does.");
        page.Section("EXIT STATUS");
        foreach (var (code, meaning) in ExitCode.Meanings)
            page.Item(code.ToString(CultureInfo.InvariantCulture)).Text(meaning);
        page.Section("FILES").Item(ConfigurationFile.Usual).Text("The configuration, see blocksmtp.conf(5).");
        page.Item(BlockSmtp.Control.ControlServerOptions.UsualPath).Text("Where the daemon listens for the other commands.");
        page.Section("SEE ALSO").Text("blocksmtp.conf(5), sendmail(8), iptables(8), nft(8), ipset(8)");
        return page.ToString();
    }

    /// <summary>blocksmtp.conf(5).</summary>
    public static string Configuration()
    {
        var page = new Roff("BLOCKSMTP.CONF", 5, Date, CommandLineReader.Version, "File Formats Manual");
        page.Section("NAME").Text("blocksmtp.conf - configuration of blocksmtp(8)");
        page.Section("SYNOPSIS").Text(ConfigurationFile.Usual);
        page.Section("DESCRIPTION").Text("One option of the daemon a line: name = value. A line that begins with # or ; is a comment. "
            + "A flag is yes or no; several values stand on one line with commas between. There are no sections.");
        page.Text("What the environment says counts more, and what the command line says most. "
            + "The name in the environment is BLOCKSMTP_ and the option's in capitals with underscores. "
            + "blocksmtp check --print shows each value in force and where it comes from.");
        page.Text("An unknown name or a bad value stops the start, and so does a file that others than root may write. After a change, "
            + "blocksmtp reload has a running daemon read it again; what is marked with (reload) changes then, "
            + "anything else needs a restart.");
        page.Section("OPTIONS");
        foreach (var option in ConfigurationLayers.Known)
            page.Item($"{option.Name} = {(option.IsFlag ? "yes | no" : option.MetaValue)}").Text(
                option.IsReloadable ? $"{option.Help} (reload)" : option.Help);
        page.Section("EXAMPLE").Verbatim("# Hosts get one more chance, and stay out for a day.\nmax-offenses = 4\nblock-time = 1d\n"
            + "white-list = /etc/blocksmtp/whitelist");
        page.Section("SEE ALSO").Text("blocksmtp(8)");
        return page.ToString();
    }

    private static void Append(Roff page, CliCommand command)
    {
        page.Section(command.IsDefault ? "OPTIONS OF THE DAEMON" : command.Name.ToUpperInvariant());
        page.Text(command.Summary);
        foreach (var operand in command.Operands)
            page.Item(operand.MetaName).Text(operand.HelpText);
        // What takes all options of the daemon need not repeat them.
        var own = command.IsDefault || !typeof(DaemonVerb).IsAssignableFrom(command.Verb)
            ? command.Options
            : [.. command.Options.Where(option => !CommandTable.Default.Options.Any(known => known.Name == option.Name))];
        if (own.Count < command.Options.Count)
            page.Text("It has all options of the daemon, and these:");
        foreach (var option in own)
            page.Item(option.Usage).Text(option.Help);
        if (command.Examples.Count == 0)
            return;
        page.Paragraph().Text(command.Examples.Count == 1 ? "Example:" : "Examples:");
        page.Verbatim(string.Join('\n', command.Examples.Select(example =>
            example.Meaning.Length > 0 ? $"{example.CommandLine}    # {example.Meaning}" : example.CommandLine)));
    }
}
