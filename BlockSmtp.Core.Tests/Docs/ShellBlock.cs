using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Docs;

/// <summary>
/// A block of commands on a page, <c>```sh</c>. A test runs it (<see cref="RunsBlocksAttribute"/>), with the text that is on the page, or
/// a comment in the line before says why none can: <c>&lt;!-- not run by a test: needs … --&gt;</c>.
/// </summary>
/// <param name="Page">The page, from the repository's root on.</param>
/// <param name="Section">The heading that it stands under.</param>
/// <param name="Line">The line of the page at which it begins.</param>
/// <param name="Commands">Its text.</param>
/// <param name="WhyNotRun">Why no test runs it; null for one that a test runs.</param>
internal sealed partial record ShellBlock(string Page, string Section, int Line, string Commands, string? WhyNotRun)
{
    [GeneratedRegex(@"(?:^<!-- not run by a test: (?<reason>[^\n]+?) -->\n+)?^```sh\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks { get; }

    [GeneratedRegex(@"^#+ (?<heading>.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings { get; }

    /// <summary>All of a page, in their order.</summary>
    public static IReadOnlyList<ShellBlock> Of(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));
        return
        [
            .. Blocks.Matches(text).Select(block => new ShellBlock(
                page,
                Headings.Matches(text[..block.Index]).LastOrDefault()?.Groups["heading"].Value ?? "",
                text[..block.Groups["commands"].Index].Count(letter => letter == '\n'),
                block.Groups["commands"].Value,
                block.Groups["reason"].Success ? block.Groups["reason"].Value : null)),
        ];
    }

    /// <summary>The text of those under a heading (or of the whole page) that a test is to run. There is at least one.</summary>
    public static IReadOnlyList<string> ToRun(string page, string? section = null)
    {
        var blocks = Of(page).Where(block => block.WhyNotRun is null && (section is null || block.Section == section)).Select(block => block.Commands).ToArray();
        blocks.Should().NotBeEmpty($"{page} has commands to run{(section is null ? "" : $" under '{section}'")}");
        return blocks;
    }
}
