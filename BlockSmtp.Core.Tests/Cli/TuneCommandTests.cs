using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>A setting for a site by its old logs: a simulated day whose truth is known.</summary>
public sealed class TuneCommandTests
{
    private static readonly string Day = Path.Combine(AppContext.BaseDirectory, "Scoring", "data");

    private static readonly string Log = Path.Combine(Day, "mail.log.gz");

    [Test]
    public void Each_rule_and_limit_is_shown_with_the_mail_it_would_have_cost_and_one_is_proposed()
    {
        var output = Tool.Run("tune", $"--white-list={Path.Combine(Day, "whitelist")}", Log).Output;

        var rows = output.Split('\n')
            .Where(line => line.StartsWith("balance ", StringComparison.Ordinal) || line.StartsWith("count ", StringComparison.Ordinal))
            .ToArray();
        rows.Should().HaveCount(10);
        var best = rows.Should().ContainSingle(row => row.EndsWith("  <", StringComparison.Ordinal)).Which.Split(
            ' ', StringSplitOptions.RemoveEmptyEntries);
        output.Should().NotContain("No mail was delivered").And.Contain("\nFor the configuration (/etc/blocksmtp/blocksmtp.conf):\n");
        output.Should().EndWith($"\npolicy={best[0]}\nmax-offenses={best[1]}\n");
    }

    [Test]
    public void The_proposal_is_a_configuration_that_the_tool_takes()
    {
        using var folder = new TemporaryFolder();
        var output = Tool.Run("tune", Log).Output;
        var configuration = folder.Write("blocksmtp.conf", output[output.IndexOf("policy=", StringComparison.Ordinal)..]);

        Tool.Run("replay", $"--config={configuration}", Log).ExitCode.Should().Be(0);
    }

    [Test]
    public void Of_logs_without_mail_it_is_said_that_they_do_not_tell_what_a_block_costs()
    {
        using var folder = new TemporaryFolder();
        var log = folder.Write("mail.log", new LogText().Unknown(101, 4).End(101, "203.0.113.7").ToString());

        Tool.Run("tune", log).Output.Should().Contain("No mail was delivered in these logs").And.Contain("It would have blocked 1 host, ");
    }

    [Test]
    public void With_html_the_report_of_the_proposal_shows_both_rules()
    {
        using var folder = new TemporaryFolder();

        Tool.Run("tune", $"--html={folder["tune.html"]}", Log).ExitCode.Should().Be(0);

        File.ReadAllText(folder["tune.html"]).Should().Contain("balance: ").And.Contain("count: over ");
    }

    [TestCase("tune", "no log is named", 64)]
    [TestCase("tune -", "is no file", 66)]
    public void What_cannot_be_tuned_is_said(string command, string reason, int code)
    {
        var result = Tool.Run(command.Split(' '));

        result.ExitCode.Should().Be(code);
        result.Errors.Should().StartWith("blocksmtp: ").And.Contain(reason);
    }
}
