using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>The journal on the command line.</summary>
public sealed class JournalOptionTests
{
    [TestCase("--journal=a unit", "a unit")]
    [TestCase("--journal=../etc", "../etc")]
    public void A_unit_that_can_be_none_is_refused(string option, string shown)
    {
        var (exitCode, _, errors) = Tool.Run("--dry-run", option);
        exitCode.Should().Be(64);
        errors.Should().Be($"blocksmtp: --journal: '{shown}' is not the name of a unit such as sendmail.service\n");
    }

    [TestCase("--journal")]
    [TestCase("--journal=sendmail.service")]
    public void One_log_is_followed_and_not_two(string option)
    {
        var (exitCode, _, errors) = Tool.Run("--dry-run", option, "--syslog-msgs-file=/var/log/mail.log");
        exitCode.Should().Be(64);
        errors.Should().Be("blocksmtp: --journal and --syslog-msgs-file are both given: name one log\n");
    }

    [Test]
    public void The_help_shows_that_the_unit_may_be_left_out() =>
        Tool.Run("--help").Output.Should().Contain("--journal[=UNIT] ");
}
