using BlockSmtp.Cli.Commands;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>What a check says of the mail server's side of the gate.</summary>
public sealed class GateCheckTests
{
    private const string Unix = "unix:/run/blocksmtp/milter.sock";
    private const string Inet = "inet:8899@127.0.0.1";

    [TestCase(
        "O InputMailFilters=clamav,blocksmtp|Xclamav, S=unix:/x, F=T|Xblocksmtp, S=unix:/run/blocksmtp/milter.sock, T=C:2s;S:2s;R:4s;E:8s",
        Unix,
        "^ok +gate .* waits 2 s, 4 s and 8 s, and takes mail when it is away",
        TestName = "sendmail: as the page has it")]
    [TestCase(
        "O InputMailFilters=blocksmtp|Xblocksmtp,|\tS=local:/run/blocksmtp/milter.sock,|\tT=C:2s;S:2s;R:4s;E:8s",
        Unix,
        "^ok +gate ",
        TestName = "sendmail: over several lines")]
    [TestCase(
        "O InputMailFilters=blocksmtp|Xblocksmtp, S=inet:8899@localhost, F=T, T=C:2s;S:2s;R:4s;E:8s",
        Inet,
        @"^\? +gate .*held up while the gate is away \(F=T, it puts mail off\): right is T=",
        TestName = "sendmail: mail is put off")]
    [TestCase(
        "O InputMailFilters=blocksmtp|Xblocksmtp, S=unix:/run/blocksmtp/milter.sock",
        Unix,
        @"^\? +gate .*delays mail by 300 s at the connection, 10 s at each command and 300 s at the end",
        TestName = "sendmail: its own times")]
    [TestCase(
        "O InputMailFilters=blocksmtp|Xblocksmtp, S=unix:/run/blocksmtp/milter.sock, T=C:2s;S:1s;R:1s;E:8s",
        Unix,
        @"^\? +gate .*1 s is too short",
        TestName = "sendmail: too short a time")]
    [TestCase(
        "#O InputMailFilters=blocksmtp|Xblocksmtp, S=unix:/run/blocksmtp/milter.sock",
        Unix,
        @"^\? +gate .*'blocksmtp' is not in InputMailFilters",
        TestName = "sendmail: a filter that is not asked")]
    [TestCase(
        "O DaemonPortOptions=Name=MTA, InputMailFilters=blocksmtp;other|Xblocksmtp, "
            + "S=unix:/run/blocksmtp/milter.sock, T=C:2s;S:2s;R:4s;E:8s",
        Unix,
        "^ok +gate ",
        TestName = "sendmail: the filter of a listener")]
    [TestCase(
        "O LogLevel=9", Unix, @"^\? +gate .*no mail server here asks at unix:/run/blocksmtp/milter\.sock", TestName = "sendmail: none")]
    public void Of_sendmail(string lines, string milter, string expected) => Look(milter, lines, null).Should().MatchRegex(expected);

    [TestCase(
        "smtpd_milters = { inet:127.0.0.1:8899, connect_timeout=2s, command_timeout=4s, content_timeout=8s, default_action=accept }",
        "^ok +gate .* waits 2 s, 4 s and 8 s",
        TestName = "Postfix: as the page has it")]
    [TestCase(
        "gate = inet:127.0.0.1:8899|smtpd_milters = unix:/x,|  $gate|milter_default_action = "
            + "accept|milter_connect_timeout=2|milter_command_timeout=4s|milter_content_timeout=1m",
        "^ok +gate .* waits 2 s, 4 s and 60 s",
        TestName = "Postfix: settings for all, and a name of its own")]
    [TestCase(
        "smtpd_milters = inet:127.0.0.1:8899",
        @"^\? +gate .*held up while the gate is away \(default_action tempfail\); a gate that hangs delays mail by 30 s at the connection, 30 s at each command and 300 s at the end: right is connect_timeout=2s",
        TestName = "Postfix: as it is by itself")]
    [TestCase(
        "#smtpd_milters = inet:127.0.0.1:8899|non_smtpd_milters = inet:127.0.0.1:8899",
        @"^\? +gate .*no mail server here asks",
        TestName = "Postfix: none")]
    [TestCase("a = $b|b = $a|smtpd_milters = $a {", @"^\? +gate .*no mail server here asks", TestName = "Postfix: nonsense")]
    public void Of_Postfix(string lines, string expected) => Look(Inet, null, lines).Should().MatchRegex(expected);

    [Test]
    public void A_socket_of_systemd_is_where_its_unit_listens()
    {
        var path = File.ReadLines(Path.Combine(Repository.Root, "packaging/systemd/blocksmtp-milter.socket"))
            .Single(line => line.StartsWith("ListenStream=", StringComparison.Ordinal))["ListenStream=".Length..];

        Look("systemd", $"O InputMailFilters=blocksmtp|Xblocksmtp, S=unix:{path}, T=C:2s;S:2s;R:4s;E:8s", null)
            .Should().StartWith("ok ").And.Contain($"unix:{path}");
    }

    [Test]
    public void Who_asks_where_nobody_answers_is_told_and_where_there_is_no_gate_nothing_else_is()
    {
        Look(null, "O InputMailFilters=blocksmtp|Xblocksmtp, S=unix:/run/blocksmtp/milter.sock", null)
            .Should().Contain("nobody answers there: set milter = unix:/run/blocksmtp/milter.sock");
        Look(null, "O InputMailFilters=clamav|Xclamav, S=unix:/x, F=T", "smtpd_milters = inet:127.0.0.1:1").Should().BeEmpty();
        Look(Unix, null, null).Should().MatchRegex("^ok +gate .*there is neither");
    }

    private static string Look(string? milter, string? sendmail, string? postfix)
    {
        using var folder = new TemporaryFolder();
        var output = new StringWriter();
        var settings = DaemonSettings.Of(new DaemonVerb { Milter = milter, DryRun = true });

        GateCheck.Look(settings, new Findings(output), FileOf(folder, "sendmail.cf", sendmail), FileOf(folder, "main.cf", postfix));

        return output.ToString();
    }

    private static string FileOf(TemporaryFolder folder, string name, string? lines) =>
        lines is null ? folder[name] : folder.Write(name, lines.Replace('|', '\n') + "\n");
}
