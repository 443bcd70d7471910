using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Docs;

/// <summary>
/// A block of commands on a page. A test cannot read them from here, only run them as they stand there. One that says that it does, with
/// <see cref="RunsCommandsOfAttribute"/>, fails if it did not.
/// </summary>
internal sealed partial class DocumentedCommands
{
    private static readonly ConcurrentDictionary<(string Test, CodeBlock Block), bool> WereRun = new();

    private readonly CodeBlock _block;

    private DocumentedCommands(CodeBlock block) => _block = block;

    [GeneratedRegex(@"^[$#] ", RegexOptions.Multiline)]
    internal static partial Regex Prompt { get; }

    // A command goes on where its line ends with a backslash.
    [GeneratedRegex(@"^[$#] ((?:.*\\\n)*.*\n)", RegexOptions.Multiline)]
    private static partial Regex Command { get; }

    /// <summary>What the page shows of what they print.</summary>
    public string Shown => _block.Language == "console" ? Command.Replace(_block.Text, "") : "";

    private string Script =>
        _block.Language == "console" ? string.Concat(Command.Matches(_block.Text).Select(match => match.Groups[1].Value)) : _block.Text;

    /// <summary>
    /// The blocks of commands of a page, or of what stands under one of its headings, in their order, less those
    /// that say why no test runs them.
    /// </summary>
    public static IReadOnlyList<DocumentedCommands> Of(string page, string? heading = null)
    {
        var blocks = Blocks(page, heading).ToList();
        return blocks.Count > 0
            ? [.. blocks.Select(block => new DocumentedCommands(block))]
            : throw new AssertionException($"{page} has no commands{(heading is null ? "" : $" under '{heading}'")}");
    }

    /// <summary>A block of commands.</summary>
    public static DocumentedCommands Of(CodeBlock block) => new(block);

    /// <summary>Of these blocks, those that a test has not run to their end.</summary>
    public static IEnumerable<CodeBlock> NotRun(string test, string page, string? heading) =>
        Blocks(page, heading).Where(block => !WereRun.ContainsKey((test, block)));

    /// <summary>
    /// Runs them in a shell that any failing command ends, as the last argument of another command; returns what they printed.
    /// </summary>
    /// <param name="prefix">That command, which says where, such as <c>ip netns exec NAME</c>, or <c>env -C FOLDER PATH=…</c>.</param>
    public string Run(params string[] prefix)
    {
        string[] words = [.. prefix, .. Shell()];
        var printed = Fixtures.Command.Run(TimeSpan.FromMinutes(15), words[0], words[1..]);
        MarkAsRun();
        return printed;
    }

    /// <summary>Starts a command that goes on until it is stopped. It counts as run when it has ended with 0.</summary>
    /// <inheritdoc cref="Run"/>
    public RunningProgram Start(params string[] prefix)
    {
        string[] words = [.. prefix, .. Shell()];
        var mark = MarkLater();
        return new RunningProgram(new ProcessStartInfo(words[0], words[1..]), exitCode =>
        {
            if (exitCode == 0)
                mark();
        });
    }

    public override string ToString() => _block.ToString();

    private static IEnumerable<CodeBlock> Blocks(string page, string? heading) =>
        Page.Find(page).Blocks.Where(block => block.HasCommands && block.Reason is null && (heading is null || block.Heading == heading));

    private string[] Shell() => ["bash", "-euo", "pipefail", "-c", Script];

    private void MarkAsRun() => MarkLater()();

    private Action MarkLater()
    {
        var test = TestContext.CurrentContext.Test.ID;
        return () => WereRun[(test, _block)] = true;
    }
}
