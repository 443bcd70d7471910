using System.Text.RegularExpressions;
using BlockSmtp.Cli.Commands;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>The exit code of a check is that with which the daemon would refuse to start.</summary>
public sealed class CheckTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void All_is_well()
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 4).End(7, "203.0.113.20").ToString());

        var (code, output, errors) = Check(log);

        output.Should().EndWith("the daemon would start\n").And.Contain($"{log}: 5 of the last 5 lines are of sendmail: 4 wrong guesses");
        (code, errors).Should().Be((0, ""));
        Directory.GetFiles(Path.GetDirectoryName(log)!).Should().Equal([log], "it changes nothing");
    }

    [TestCase("Id=sendmail.service LoadState=loaded LogRateLimitBurst=0", "sendmail.service")]
    [TestCase("Id=sendmail.service LoadState=loaded LogRateLimitBurst=100000000", null)]
    [TestCase("Id=sendmail.service LoadState=not-found LogRateLimitBurst=0", null)]
    [TestCase(
        "Id=sendmail.service LoadState=not-found LogRateLimitBurst=0 '' LoadState=loaded Id=postfix@-.service LogRateLimitBurst=10000",
        "postfix@-.service")]
    [TestCase("Id=exim4.service LoadState=loaded LogRateLimitBurst=100000000 '' Id=postfix.service LoadState=loaded", "postfix.service")]
    public void A_log_that_journald_may_silence_is_said(string says, string? doubted)
    {
        var tool = _folder.Write("systemctl", $"#!/bin/sh\nprintf '%s\\n' {says}\n");
        Command.Run("chmod", "+x", tool);

        var (code, output, _) = Command.Try(
            "env", $"PATH={_folder["."]}:{Environment.GetEnvironmentVariable("PATH")}", Tool.Path, "check",
            $"--config={_folder.Write("blocksmtp.conf", "")}", $"--syslog-msgs-file={_folder.Write("log", "")}", "--firewall=none",
            "--control-socket=none", "--state-dir=none");

        code.Should().Be(0);
        Regex.Matches(output, @"LogRateLimitBurst=100000000 below \[Service\] in /etc/systemd/system/(.+)\.d/blocksmtp\.conf")
            .Select(match => match.Groups[1].Value).Should().Equal(doubted is null ? [] : [doubted], output);
    }

    [Test]
    public void The_packages_lift_the_limit_of_each_mail_server_that_is_asked_for()
    {
        string Packaging(string file) => File.ReadAllText(Path.Combine(Repository.Root, "packaging", file));
        foreach (var unit in RateLimitCheck.Units)
        {
            var folder = Regex.Replace(unit, "@.*\\.", "@.", RegexOptions.None) + ".d";
            Packaging("deb/debian/blocksmtp.install").Should().Contain($"usr/lib/systemd/system/{folder}\n");
            Packaging("rpm/blocksmtp.spec").Should().Contain($"\n/usr/lib/systemd/system/{folder}/blocksmtp.conf\n");
        }
    }

    [TestCase("etc/rsyslog.conf", "$RepeatedMsgReduction on\n", true)]
    [TestCase("etc/rsyslog.d/20-own.conf", "# of ours\n  $repeatedmsgreduction   ON # as before\n", true)]
    [TestCase("etc/rsyslog.conf", "#$RepeatedMsgReduction on\n$RepeatedMsgReduction off\n", false)]
    [TestCase("etc/rsyslog.d/20-own.conf.bak", "$RepeatedMsgReduction on\n", false)]
    public void A_syslog_that_writes_equal_lines_once_is_said(string path, string text, bool isSaid)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        var file = _folder.Write(path, text);
        using var output = new StringWriter();

        RepeatedLinesCheck.Look(new Findings(output), _folder["."]);

        var said = output.ToString();
        said.Contains(Path.GetFileName(file), StringComparison.Ordinal).Should().Be(isSaid, said);
        said.Contains("they count by that number alone", StringComparison.Ordinal).Should().Be(isSaid, said);
    }

    [TestCase("mail1 sm-mta[7]: message repeated 2 times: [ 6ANHntrU000007: <x@example.org>... User unknown]", true)]
    [TestCase("mail1 last message repeated 2 times", true)]
    [TestCase("mail1 sm-mta[7]: 6ANHntrU000007: <message repeated 2 times: [ x]@example.org>... User unknown", false)]
    public void A_log_in_which_equal_lines_stand_once_is_doubted(string line, bool isSaid)
    {
        var log = _folder.Write("log", new LogText().Unknown(7, 4).ToString() + $"Nov 23 18:00:09 {line}\n");

        var (code, output, _) = Check(log);

        output.Contains("1 of them only say how often another came again", StringComparison.Ordinal).Should().Be(isSaid, output);
        code.Should().Be(0);
    }

    [Test]
    public void A_white_list_with_a_mistake_is_78()
    {
        var list = _folder.Write("white", "192.0.2.0/24\nlocalhost\n");

        var (code, _, errors) = Check(_folder.Write("log", ""), $"--white-list={list}");

        errors.Should().StartWith($"blocksmtp: {list}:2: 'localhost' is not a network address\n").And.Contain("it looks like a host name");
        code.Should().Be(78);
    }

    [Test]
    public void A_white_list_that_trusts_everybody_is_said()
    {
        var list = _folder.Write("white", "192.0.2.7 until 2001-01-01\n0.0.0.0/0  # for a test\n::/0 until 2001-01-01\n");

        var (code, output, errors) = Check(_folder.Write("log", ""), $"--white-list={list}");

        output.Should().MatchRegex($@"ok +white-list +1 networks in {list}, 2 more that are over\n")
            .And.MatchRegex(@"\? +white-list +\S+:2: 0\.0\.0\.0/0 is everybody: no IPv4 host is ever blocked").And.NotContain("::/0");
        (code, errors).Should().Be((0, ""));
    }

    [TestCase("white-list")]
    [TestCase("journal")]
    public void A_setting_without_a_value_is_78(string name)
    {
        var configuration = _folder.Write("blocksmtp.conf", $"{name} =\n");

        var (code, _, errors) = Tool.Run("check", $"--config={configuration}");

        errors.Should().Contain($"{configuration}:1: {name}: '' is not ");
        code.Should().Be(78);
    }

    [Test, Category(Needs.Root)]
    public void Permissions_are_not_called_right_and_wrong_at_once()
    {
        Requires.Root();
        Requires.Tool("setpriv");
        var (code, output, errors) = Command.Try(
            "setpriv", "--bounding-set=-net_admin", "--inh-caps=-all", Tool.Path, "check",
            $"--config={_folder.Write("blocksmtp.conf", "")}", $"--syslog-msgs-file={_folder.Write("log", "")}", "--firewall=nftables");

        (output + errors).Should().Contain("CAP_NET_ADMIN is missing").And.NotMatchRegex("ok +permissions");
        code.Should().Be(77);
    }

    [Test]
    public void A_log_that_cannot_be_read_is_66()
    {
        var (code, output, _) = Check(_folder["."]);

        output.Should().Contain("is a directory: name a file with --syslog-msgs-file").And.EndWith("the daemon would not start\n");
        code.Should().Be(66);
    }

    [Test]
    public void A_log_of_somebody_else_is_doubted_and_no_reason_not_to_start()
    {
        var (code, output, _) = Check(_folder.Write("log", "Nov 25 12:00:00 mail1 cron[7]: hello\n"));

        output.Should().Contain("none of the last 1 lines is of sm-mta, sendmail, postfix, exim or exim4");
        code.Should().Be(0);
    }

    [TestCase("Nov 23 18:03:58 mail1 postfix/qmgr[2]: 936C3146: removed\n", "of Postfix: 0 wrong guesses")]
    [TestCase(
        "2026-11-27 04:45:44 H=(x) [203.0.113.9] F=<> rejected RCPT <x@example.org>: Unrouteable address\n",
        "of Exim: 1 wrong guesses, 1 lines that name a client")]
    public void The_mail_server_that_a_log_is_of_is_named(string line, string said)
    {
        var log = _folder.Write("log", line);

        Check(log).Output.Should().Contain(said);
        Check(log, "--mailer=sendmail").Output.Should().Contain("none of the last 1 lines is of sm-mta or sendmail: see --mailer");
    }

    [Test]
    public void Refusals_in_words_that_do_not_count_are_shown_with_the_option_that_counts_them()
    {
        const string Line = "Nov 25 12:00:00 mail1 sm-mta[7]: 6ANHntrU000007: <x@example.org>... ";
        string[] words = ["Pas d'abonne", "Pas d'abonne", "Ring\u001bcding", "One", "Two", "Three", "Four"];
        var log = _folder.Write("log", string.Concat(words.Select(text => $"{Line}{text}\n")));

        var (code, output, _) = Check(log);

        code.Should().Be(0, "the daemon starts all the same");
        output.Should().Contain(
            "?      refusals     2 recipients were refused with words that do not count, 'Pas d'abonne': " +
            @"if they say that there is no such mailbox, add --unknown-user-text='Pas d'\''abonne'" + "\n");
        output.Should().Contain("1 recipients were refused with words that do not count, 'Ring?cding'\n", "nobody is to copy that");
        output.Should().NotContain("\u001b");
        output.Should().Contain("and with 1 other texts, none of them more often");
        Check(log, "--unknown-user-text=Pas d'abonne").Output.Should().Contain("2 wrong guesses").And.NotContain("abonne'");
    }

    [TestCase("25", "0.0.0.0", true)]
    [TestCase("25,587", "0.0.0.0", false)]
    [TestCase("25", "127.0.0.1", false)]
    [Category(Needs.Root)]
    public void A_port_at_which_nobody_would_be_blocked_is_said(string ports, string address, bool isSaid)
    {
        Requires.Root();
        Requires.Tool("python3");
        var check = $"'{Tool.Path}' check --dry-run '--syslog-msgs-file={_folder.Write("log", "")}' "
            + $"'--config={_folder.Write("conf", "")}' --mailer-port={ports}";
        var listen =
            $"import socket, subprocess, sys; s = socket.create_server(('{address}', 587)); sys.exit(subprocess.call(sys.argv[1:]))";

        var output = Command.Run("unshare", "--net", "sh", "-c", $"ip link set lo up && python3 -c \"{listen}\" {check}");

        output.Contains(
            "?      ports        mail is taken at 587 too, where nobody is blocked: --mailer-port=25,587\n", StringComparison.Ordinal)
            .Should().Be(isSaid, output);
    }

    private static (int ExitCode, string Output, string Errors) Check(string log, params string[] options) =>
        Tool.Run(["check", "--dry-run", $"--syslog-msgs-file={log}", .. options]);
}
