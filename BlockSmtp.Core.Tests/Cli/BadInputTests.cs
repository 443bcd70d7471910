using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>Every bad option and file gets one line that says what is wrong and what would be right, and its exit code.</summary>
public sealed class BadInputTests
{
    [TestCase("--max-offenses=x", "--max-offenses", "'x'", "whole number from 0 to 10000")]
    [TestCase("--max-offenses=-1", "--max-offenses", "'-1'", "whole number")]
    [TestCase("--max-offenses=", "--max-offenses", "no value", "--max-offenses=N")]
    [TestCase("--keep-rules=yes", "--keep-rules", "'yes'", "takes no value")]
    [TestCase("--max-offenses=10001", "--max-offenses", "'10001'", "whole number")]
    [TestCase("--offense-window=1week", "--offense-window", "'1week'", "duration")]
    [TestCase("--offense-window=0", "--offense-window", "'0'", "more than 0")]
    [TestCase("--block-time=0s", "--block-time", "'0s'", "more than 0")]
    [TestCase("--block-time=99999999999d", "--block-time", "'99999999999d'", "duration")]
    [TestCase("--max-cmd-read=soon", "--max-cmd-read", "'soon'", "duration")]
    [TestCase("--max-stall=-1", "--max-stall", "'-1'", "duration")]
    [TestCase("--mailer-port=0", "--mailer-port", "'0'", "1 to 65535")]
    [TestCase("--mailer-port=25,x", "--mailer-port", "'x'", "1 to 65535")]
    [TestCase("--mailer-ip=10.0.0", "--mailer-ip", "'10.0.0'", "IP address")]
    [TestCase("--mailer-ip=0.0.0.0", "--mailer-ip", "'0.0.0.0'", "IP address")]
    [TestCase("--mailer-ip=mail.example.org", "--mailer-ip", "'mail.example.org'", "IP address")]
    [TestCase("--iptables-chain-name=INPUT", "--iptables-chain-name", "'INPUT'", "chain name")]
    [TestCase("--iptables-chain-name=a b", "--iptables-chain-name", "'a b'", "chain name")]
    [TestCase("--iptables-chain-name=ABCDEFGHIJKLMNOPQRSTUVWXYZABC", "--iptables-chain-name", "chain name", "1 to 28")]
    [TestCase("--firewall=pf", "--firewall", "'pf'", "iptables, nftables, ipset, none or auto")]
    [TestCase("--firewall=NFTABLES", "--firewall", "'NFTABLES'", "nftables")]
    [TestCase("--firewall", "--firewall", "no value", "--firewall=KIND")]
    [TestCase("--nftables-table-name=a-b", "--nftables-table-name", "'a-b'", "table name")]
    [TestCase("--debug=10", "--debug", "'10'", "0 to 9")]
    [TestCase("--debug=high", "--debug", "'high'", "0 to 9")]
    [TestCase("--mailer=qmail", "--mailer", "'qmail'", "a mail server")]
    [TestCase("--mailer-syslog-name=blocksmtp", "--mailer-syslog-name", "'blocksmtp'", "sendmail's name")]
    [TestCase("--mailer-syslog-host=a b", "--mailer-syslog-host", "'a b'", "without spaces")]
    [TestCase("--dry-rum", "--dry-rum", "unknown option", "did you mean --dry-run?")]
    [TestCase("--frobnicate", "--frobnicate", "unknown option", "--help")]
    [TestCase("--block-time", "--block-time", "no value", "--block-time=TIME")]
    [TestCase("--white-list", "--white-list", "no value", "--white-list=FILE")]
    [TestCase("statsu", "'statsu'", "not a command", "replay")]
    [TestCase("STATUS", "'STATUS'", "not a command", "did you mean 'status'?")]
    [TestCase("-v", "unknown option -v", "did you mean --version?")]
    public void A_bad_option_is_named_with_its_value_and_what_would_be_right(string argument, params string[] said)
    {
        var (code, output, errors) = Tool.Run("--dry-run", argument);

        ShouldSay(errors, said);
        code.Should().Be(64);
        output.Should().BeEmpty();
    }

    [TestCase("list", "203.0.113.20", "'blocksmtp why 203.0.113.20' tells of one", "blocksmtp list --help")]
    [TestCase("status", "now", "status: it takes no 'now'", "blocksmtp status --help")]
    [TestCase("reload", "blocksmtp", "reload: it takes no 'blocksmtp'", "blocksmtp reload --help")]
    public void A_word_too_many_is_said_and_nothing_is_done(string command, string word, params string[] said)
    {
        var (code, output, errors) = Tool.Run(command, word);

        ShouldSay(errors, said);
        code.Should().Be(64);
        output.Should().BeEmpty();
    }

    [TestCase("--year=26", "--year", "'26'", "1970 to 9000")]
    [TestCase("--timezone=Mars/Olympus", "--timezone", "'Mars/Olympus'", "time zone")]
    [TestCase("--keep-rules", "unknown option --keep-rules", "--help")]
    [TestCase("--json", "replay", "no log is named", "files")]
    public void A_bad_option_of_replay_is_named_too(string argument, params string[] said)
    {
        var (code, _, errors) = Tool.Run("replay", argument);

        ShouldSay(errors, said);
        code.Should().Be(64);
    }

    [TestCase("10.0.0.0/33")]
    [TestCase("localhost")]
    public void A_bad_line_of_the_white_list_stops_the_start(string line)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("white", $"# ours\n192.0.2.0/24\n{line}\n");

        foreach (var verb in new[] { new[] { "--dry-run" }, ["replay", "-"] })
        {
            var (code, _, errors) = Tool.Run([.. verb, $"--white-list={file}"]);
            errors.Split('\n')[0].Should().Be($"blocksmtp: {file}:3: '{line}' is not a network address");
            errors.Split('\n')[1].Should().StartWith($"blocksmtp: {file}:3: ");
            code.Should().Be(78);
        }
    }

    [Test]
    public void A_white_list_that_cannot_be_read_is_66()
    {
        using var folder = new TemporaryFolder();
        Tool.Run("--dry-run", $"--white-list={folder["none"]}").ExitCode.Should().Be(66);
        var (code, _, errors) = Tool.Run("--dry-run", $"--white-list={folder["."]}");
        code.Should().Be(66);
        ShouldSay(errors, "directory");
    }

    [Test]
    public void A_log_that_is_a_directory_is_66()
    {
        using var folder = new TemporaryFolder();
        var (code, _, errors) = Tool.Run("--dry-run", $"--syslog-msgs-file={folder["."]}");
        code.Should().Be(66);
        ShouldSay(errors, "directory");
    }

    [Test]
    public void Help_names_every_option_and_says_what_it_is_for()
    {
        var (code, output, _) = Tool.Run("--help");
        code.Should().Be(0);
        foreach (var option in new[]
        {
            "debug", "debug-to-syslog", "white-list", "syslog-msgs-file", "mailer", "mailer-ip", "mailer-port", "mailer-syslog-host",
            "mailer-syslog-name", "max-empty-transactions", "iptables-chain-name", "nftables-table-name", "firewall", "max-offenses",
            "offense-window", "block-time", "max-cmd-read", "max-stall", "count-probes", "dry-run", "keep-rules", "from-start",
        })
        {
            output.Should().MatchRegex($@"--{option}(=[A-Z]+)?\s+\S+");
        }

        Tool.Run("replay", "--help").Output.Should().Contain("--json").And.Contain("--timezone=ZONE").And.NotContain("--keep-rules");
    }

    [Test]
    public void The_exit_codes_of_the_help_fit_a_terminal_that_nobody_has_widened([Values("--help", "list")] string of)
    {
        var lines = Tool.Run(of == "--help" ? ["--help"] : [of, "--help"]).Output.Split('\n').SkipWhile(line =>
            !line.StartsWith("Exit codes:", StringComparison.Ordinal)).ToArray();

        lines.Should().HaveCountGreaterThan(2).And.OnlyContain(line => line.Length <= 80);
        string.Join(' ', lines.Select(line => line.Trim())).Should().StartWith("Exit codes: 0 fine, 64 bad option, 66 unreadable file, ")
            .And.EndWith("78 bad configuration or white-list. ");
    }

    [Test]
    public void The_version_is_said() => Tool.Run("--version").Output.Trim().Should().MatchRegex(@"^blocksmtp \d+\.\d+\.\d+$");

    private static void ShouldSay(string errors, params string[] said)
    {
        errors.Should().StartWith("blocksmtp: ").And.EndWith("\n");
        errors.TrimEnd().Should().NotContain("\n").And.NotContain(" at BlockSmtp.");
        foreach (var word in said)
            errors.Should().Contain(word);
    }
}
