using System.Text.RegularExpressions;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Hosting;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Docs;

namespace BlockSmtp.Tests.Cli;

/// <summary>
/// What help, the manual page (which is made of it) and the page about usage name as a default is what an option is that nobody sets.
/// </summary>
public sealed partial class DefaultsTests
{
    // Behind a colon it is told in words ("Default: any host"); behind the value may be more of it ("Default 2; 1 for always the same").
    [GeneratedRegex(@"\bDefault (?<value>[^ ]+?)[.;,]*( |$)")]
    private static partial Regex Defaults { get; }

    private static CliCommand Daemon => CommandTable.All.Single(command => command.IsDefault);

    private static IEnumerable<string> Named() =>
        Daemon.Options.Where(option => DefaultOf(option) is not null).Select(option => option.Name);

    [TestCaseSource(nameof(Named))]
    public void To_set_what_help_names_as_the_default_changes_nothing(string name)
    {
        var option = Daemon.Options.Single(option => option.Name == name);
        var verb = Empty();
        option.TrySet(verb, DefaultOf(option)!).Should().BeTrue();

        DaemonSettings.Of(verb).Should().BeEquivalentTo(
            DaemonSettings.Of(Empty()), same => same.ComparingRecordsByMembers().Excluding(settings => settings.Verb));
    }

    [TestCaseSource(nameof(Named))]
    public void The_page_about_usage_names_the_same_default(string name)
    {
        var option = Daemon.Options.Single(option => option.Name == name);
        var rows = Page.Find("docs/usage.md").Text.Split('\n').Select(row => row.Split(" | "))
            .Where(cells => cells[0] == $"| `{option.Usage}`").ToArray();

        // Commands that ask the daemon have some of them too, in tables without a default.
        rows.Select(cells => cells[1].Trim('`').Split('`', ';', ' ')[0]).Should().Contain(DefaultOf(option));
    }

    [Test]
    public void Most_options_with_a_value_have_such_a_default() => Named().Should().HaveCountGreaterThan(20);

    /// <summary>The rules check their limits themselves; who gives them one is told before.</summary>
    [TestCase(0, true)]
    [TestCase(OptionLimits.MostOffenses, true)]
    [TestCase(OptionLimits.MostOffenses + 1, false)]
    [TestCase(-1, false)]
    public void The_limit_of_offenses_is_the_same_for_both_rules_a_configuration_and_the_command_line(int offenses, bool isTaken)
    {
        Taken(() => new CountPolicy(new() { MaxOffenses = offenses })).Should().Be(isTaken);
        Taken(() => new BalancePolicy(new() { MaxOffenses = offenses })).Should().Be(isTaken);
        var text = FormattableString.Invariant($"{offenses}");
        Taken(() => DetectionSetup.PolicyOf(new DaemonVerb { MaxOffenses = text })).Should().Be(isTaken);
        new OptionsCheck().Validate(null, new BlockSmtpOptions { MaxOffenses = offenses }).Succeeded.Should().Be(isTaken);
    }

    [TestCase("1", 1.0)]
    [TestCase("100", 100.0)]
    [TestCase("0", 0.0)]
    [TestCase("101", 101.0)]
    public void The_limits_of_the_factor_are_those_of_the_rule(string text, double factor) =>
        Taken(() => DetectionSetup.PolicyOf(new DaemonVerb { BlockTimeFactor = text }))
            .Should().Be(Taken(() => new BalancePolicy(new() { BlockTimeFactor = factor })));

    [TestCase("48", 48)]
    [TestCase("128", 128)]
    [TestCase("47", 47)]
    [TestCase("129", 129)]
    public void The_limits_of_an_IPv6_host_are_those_of_the_rule(string text, int bits) =>
        Taken(() => DetectionSetup.PolicyOf(new DaemonVerb { IPv6Prefix = text }))
            .Should().Be(Taken(() => new BalancePolicy(new() { IPv6Prefix = bits })));

    [Test]
    public void A_host_lets_as_many_empty_transactions_pass_as_an_engine() =>
        new BlockSmtpOptions().MaxEmptyTransactions.Should().Be(new DetectionOptions().MaxEmptyTransactions);

    [Test]
    public void A_block_by_hand_lasts_as_long_as_one_of_the_rule_where_nobody_says_how_long() =>
        new BlockSmtp.Control.ControlServerOptions().BlockTime().Should().Be(new BalancePolicyOptions().BlockTime);

    /// <summary>With a fleet, since only with one its socket has a default.</summary>
    private static DaemonVerb Empty() => new() { FleetGroup = "root" };

    private static string? DefaultOf(CliOption option) =>
        Defaults.Match(option.Help) is { Success: true } found ? found.Groups["value"].Value : null;

    private static bool Taken(Func<object> what)
    {
        try
        {
            _ = what();
            return true;
        }
        catch (Exception e) when (e is ArgumentException or BlockSmtp.Cli.CommandException)
        {
            return false;
        }
    }
}
