using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>The configuration file and the environment: each mistake is said with its place, its name and what would be right.</summary>
public sealed class ConfigurationTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("max-ofenses = 5", ":1: unknown key max-ofenses: did you mean max-offenses?")]
    [TestCase("# ours\n\nblocktime = 3h", ":3: unknown key blocktime: did you mean block-time?")]
    [TestCase("frobnicate = 1", ":1: unknown key frobnicate: blocksmtp --help lists the options")]
    [TestCase("max-offenses = x", ":1: max-offenses: 'x' is not a whole number from 0 to 10000")]
    [TestCase("max-offenses =", ":1: max-offenses: '' is not a whole number from 0 to 10000")]
    [TestCase("max-offenses = 5 ; five", ":1: max-offenses: '5 ; five' is not a whole number from 0 to 10000")]
    [TestCase("block-time = 3 hours", ":1: block-time: '3 hours' is not a duration such as 900 (seconds), 90s, 15m, 3h or 2d, more than 0")]
    [TestCase(
        "debug=3\nmax-cmd-read=never",
        ":2: max-cmd-read: 'never' is not a duration such as 900 (seconds), 90s, 15m, 3h or 2d (0 for never)")]
    [TestCase("mailer-port = smtp", ":1: mailer-port: 'smtp' is not a whole number from 1 to 65535")]
    [TestCase(
        "mailer-ip = 192.0.2.25, mail.example.org",
        ":1: mailer-ip: 'mail.example.org' is not an IP address such as 192.0.2.25 or 2001:db8::25")]
    [TestCase("iptables-chain-name = INPUT", ":1: iptables-chain-name: 'INPUT' is not a chain name: 1 to 28 letters, digits, dots, "
        + "dashes and underscores, and none that iptables uses itself")]
    [TestCase(
        "nftables-table-name = a-b",
        ":1: nftables-table-name: 'a-b' is not a table name: a letter, then up to 63 letters, digits and underscores")]
    [TestCase("firewall = pf", ":1: firewall: 'pf' is not a firewall: use iptables, nftables, ipset, none or auto")]
    [TestCase("debug = high", ":1: debug: 'high' is not a whole number from 0 to 9")]
    [TestCase("count-probes = maybe", ":1: count-probes: 'maybe' is not yes or no")]
    [TestCase("keep-rules", ":1: 'keep-rules' is not a setting: write name = value, or # before a comment")]
    [TestCase("= 3", ":1: '= 3' has no name before its =: write name = value")]
    [TestCase("[daemon]\ndebug = 3", ":1: '[daemon]' begins a section, but there are none: take the line out")]
    [TestCase(
        "debug = 3\nmax-offenses = 3\nDebug = 5",
        ":3: Debug is set in line 1 already: take one of them out, or write several values with commas between")]
    [TestCase("mailer-syslog-name = blocksmtp", ":1: mailer-syslog-name: 'blocksmtp' is not sendmail's name: these are our own lines")]
    [TestCase("config = /etc/other.conf", ":1: unknown key config: blocksmtp --help lists the options")]
    [TestCase("\u001b[31mred = 3", ":1: unknown key ?[31mred: blocksmtp --help lists the options")]
    public void A_mistake_is_said_with_its_line(string text, string message)
    {
        var file = _folder.Write("blocksmtp.conf", text + "\n");

        var (code, output, errors) = Tool.Run("--dry-run", $"--config={file}");

        errors.Should().Be($"blocksmtp: {file}{message}\n");
        code.Should().Be(78);
        output.Should().BeEmpty();
    }

    [TestCase("BLOCKSMTP_MAX_OFFENSES=x", "BLOCKSMTP_MAX_OFFENSES: 'x' is not a whole number from 0 to 10000")]
    [TestCase("BLOCKSMTP_DRY_RUN=perhaps", "BLOCKSMTP_DRY_RUN: 'perhaps' is not yes or no")]
    [TestCase("BLOCKSMTP_MAX_OFENSES=4", "unknown variable BLOCKSMTP_MAX_OFENSES in the environment: did you mean BLOCKSMTP_MAX_OFFENSES?")]
    public void A_mistake_in_the_environment_is_said_too(string variable, string message)
    {
        var (code, _, errors) = Command.Try("env", variable, Tool.Path);

        errors.Should().Be($"blocksmtp: {message}\n");
        code.Should().Be(78);
    }

    [Test]
    public void A_file_that_is_named_must_be_there()
    {
        var (code, _, errors) = Tool.Run($"--config={_folder["none"]}");
        errors.Should().Be($"blocksmtp: --config: '{_folder["none"]}' cannot be read: there is no such file\n");
        code.Should().Be(66);
    }

    [Test]
    public void The_command_line_is_above_the_environment_and_that_above_the_file()
    {
        var file = _folder.Write("blocksmtp.conf", "max-offenses = file\nblock-time = file\ndebug = file\n");

        // What is wrong in a layer that another covers is not looked at.
        Command.Try(
            "env", "BLOCKSMTP_BLOCK_TIME=1h", "BLOCKSMTP_MAX_OFFENSES=environment", Tool.Path, $"--config={file}", "--max-offenses=2")
            .Errors.Should().Be($"blocksmtp: {file}:3: debug: 'file' is not a whole number from 0 to 9\n");
        Command.Try("env", "BLOCKSMTP_MAX_OFFENSES=environment", Tool.Path, $"--config={file}", "--debug=1")
            .Errors.Should().Be("blocksmtp: BLOCKSMTP_MAX_OFFENSES: 'environment' is not a whole number from 0 to 10000\n");
        Command.Try("env", "BLOCKSMTP_MAX_OFFENSES=environment", Tool.Path, $"--config={file}", "--debug=1", "--max-offenses=command")
            .Errors.Should().Be("blocksmtp: --max-offenses: 'command' is not a whole number from 0 to 10000\n");
    }

    [TestCase("666", "may be written by anybody (mode 666): chmod go-w ")]
    [TestCase("664", "may be written by group 65534 (mode 664): chmod g-w ")]
    [Category(Needs.Root)]
    public void A_file_that_others_may_write_is_refused(string mode, string message)
    {
        Requires.Root();
        var file = _folder.Write("file", "");
        Command.Run("chgrp", "65534", file);
        Command.Run("chmod", mode, file);

        foreach (var option in new[] { "config", "white-list" })
        {
            var (code, _, errors) = Tool.Run("--dry-run", $"--{option}={file}");
            errors.Should().StartWith($"blocksmtp: ").And.EndWith($"'{file}' {message}{file}\n");
            code.Should().Be(78);
        }
    }

    [Test, Category(Needs.Root)]
    public void A_file_of_somebody_else_is_refused_and_one_in_his_folder_too()
    {
        Requires.Root();
        var file = _folder.Write("file", "");
        Command.Run("chown", "65534", file);
        Tool.Run("--dry-run", $"--config={file}").Errors.Should().EndWith(
            $"'{file}' belongs to user 65534, who could change what it says: chown root {file}\n");

        Command.Run("chown", "0", file);
        Command.Run("chown", "65534", _folder["."]);
        var (code, _, errors) = Tool.Run("--dry-run", $"--config={file}");
        errors.Should().Contain("belongs to user 65534");
        code.Should().Be(78);
    }

    [Test]
    public void A_replay_is_not_changed_by_the_machine_that_it_runs_on()
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 4).End(7, "203.0.113.20").ToString());
        var file = _folder.Write("blocksmtp.conf", "max-offenses = 9\n");

        Command.Run("env", "BLOCKSMTP_MAX_OFFENSES=9", Tool.Path, "replay", log).Should().Contain("1 would have been blocked");
        Command.Run(Tool.Path, "replay", $"--config={file}", log).Should().Contain("0 would have been blocked");
    }
}
