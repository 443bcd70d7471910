using System.IO.Enumeration;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;
using Markdig;
using Markdig.Syntax;

namespace BlockSmtp.Tests.Docs;

/// <summary>A page of the repository.</summary>
internal sealed partial class Page
{
    private Page(string file)
    {
        File = file;
        Name = Path.GetRelativePath(Repository.Root, file);
        Text = System.IO.File.ReadAllText(file);
        Blocks = [.. FindBlocks()];
    }

    /// <summary>Every page, wherever it stands: all Markdown, and what a Debian package says of itself.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. new FileSystemEnumerable<string>(
            Repository.Root,
            (ref entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldRecursePredicate = (ref folder) => folder.FileName is not ("bin" or "obj" or "artifacts" or ".git"),
            ShouldIncludePredicate = (ref file) =>
                !file.IsDirectory && (file.FileName.EndsWith(".md") || file.FileName.EndsWith(".README.Debian")),
        }.Order(StringComparer.Ordinal).Select(file => new Page(file)),
    ];

    /// <summary>Its path.</summary>
    public string File { get; }

    /// <summary>Its path from the root of the repository.</summary>
    public string Name { get; }

    public string Text { get; }

    /// <summary>Whether it is read as it is, not as Markdown.</summary>
    public bool IsPlain => !Name.EndsWith(".md", StringComparison.Ordinal);

    public IReadOnlyList<CodeBlock> Blocks { get; }

    [GeneratedRegex(@"^<!-- not run by a test: (.*[^ ]) -->$", RegexOptions.Singleline)]
    private static partial Regex Reason { get; }

    [GeneratedRegex(@"^`([\w./-]+)`:$")]
    private static partial Regex Caption { get; }

    public static Page Find(string name) =>
        All.SingleOrDefault(page => page.Name == name) ?? throw new AssertionException($"there is no page {name}");

    private IEnumerable<CodeBlock> FindBlocks()
    {
        var heading = "";
        foreach (var block in Markdown.Parse(Text).Descendants<LeafBlock>())
        {
            if (block is HeadingBlock title)
                heading = Text.Substring(title.Span.Start, title.Span.Length).Split('\n')[0].Trim('#', ' ');
            else if (block is Markdig.Syntax.CodeBlock code)
                yield return new CodeBlock(
                    Name, heading, code.Line + 1, LanguageOf(code), code.Lines + "\n", Before<ParagraphBlock>(code, Caption),
                    Before<HtmlBlock>(code, Reason));
        }
    }

    /// <summary>A plain page has no ticks: there a prompt tells.</summary>
    private string LanguageOf(Markdig.Syntax.CodeBlock code) =>
        code is FencedCodeBlock fenced ? fenced.Info ?? ""
        : !IsPlain ? ""
        : DocumentedCommands.Prompt.IsMatch(code.Lines.ToString()) ? "console"
        : "text";

    /// <summary>What stands right before a block, if it is of that form.</summary>
    private string? Before<T>(Markdig.Syntax.Block block, Regex form)
        where T : Markdig.Syntax.Block =>
        block.Parent!.IndexOf(block) is > 0 and var index
        && block.Parent[index - 1] is T before
        && form.Match(Text.Substring(before.Span.Start, before.Span.Length)) is { Success: true } match
            ? match.Groups[1].Value
            : null;
}
