using System.Text.RegularExpressions;

namespace BlockSmtp.Tests.Docs;

/// <summary>docs/security.md: no attack without what stops it, and none that no test shows to be stopped.</summary>
internal sealed partial class SecurityPageTests
{
    private const string Heading = "## Attacks, and the tests that show what stops them";

    private static readonly string Text = Page.Find("docs/security.md").Text;

    [GeneratedRegex("`([A-Z][A-Za-z]+Tests)`")]
    private static partial Regex Names { get; }

    [TestCaseSource(nameof(Attacks))]
    public void Each_attack_has_tests_that_exist(string attack)
    {
        string[] cells = [.. attack.Trim('|').Split('|').Select(cell => cell.Trim())];

        cells.Should().HaveCount(3).And.NotContain("");
        string[] named = [.. Names.Matches(cells[2]).Select(match => match.Groups[1].Value)];
        named.Should().NotBeEmpty();
        var fixtures = typeof(SecurityPageTests).Assembly.GetTypes().Where(HasTests).Select(type => type.Name).ToHashSet();
        named.Where(name => !fixtures.Contains(name)).Should().BeEmpty();
    }

    [Test]
    public void There_are_attacks() => Attacks().Should().HaveCountGreaterThan(10);

    private static bool HasTests(Type type) => type.GetMethods().Any(method =>
        method.GetCustomAttributes(false).Any(attribute => attribute is TestAttribute or TestCaseAttribute or TestCaseSourceAttribute));

    private static IEnumerable<string> Attacks() =>
        Text[Text.IndexOf(Heading, StringComparison.Ordinal)..].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith('|')).Skip(2);
}
