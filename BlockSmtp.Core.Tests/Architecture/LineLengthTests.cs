using BlockSmtp.Tests.Fixtures;
using FluentAssertions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NUnit.Framework;

namespace BlockSmtp.Tests.Architecture;

/// <summary>Two files fit side by side: no line is longer than what <c>.editorconfig</c> tells the editor.</summary>
[TestFixture]
public sealed class LineLengthTests
{
    private const int Longest = 140;

    [Test]
    public void No_line_is_longer_than_the_editor_is_told()
    {
        Requires.Tool("git");
        File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")).Should().Contain($"max_line_length = {Longest}\n");
        Command.Run("git", "-C", Repository.Root, "ls-files", "*.cs").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(file => File.Exists(Path.Combine(Repository.Root, file)))
            .SelectMany(file => TooLong(File.ReadAllText(Path.Combine(Repository.Root, file))).Select(line => $"{file}:{line}"))
            .Should().BeEmpty($"a line has at most {Longest} characters");
    }

    [TestCase("// LONG", 1)]
    [TestCase("/// <summary>LONG</summary>", 1)]
    [TestCase("var a = \"LONG\";", 1)]
    [TestCase("var a = \"\"\"\n    LONG\n    \"\"\";", 0)]
    [TestCase("var a = $\"\"\"\n    LONG {b}\n    \"\"\";", 0)]
    [TestCase("var a = @\"\n    LONG\n    \";", 0)]
    [TestCase("a(\n    $\"LONG {b}\");", 0)]
    [TestCase("a($\"short {b}\", LONG);", 1)]
    [TestCase("class A\n{\n    public void LONG()\n    {\n    }\n}", 0)]
    [TestCase("class A\n{\n    public void B() => LONG();\n}", 1)]
    public void Only_what_cannot_be_broken_may_be_longer(string source, int lines) =>
        TooLong(source.Replace("LONG", new string('x', Longest), StringComparison.Ordinal)).Should().HaveCount(lines);

    private static IEnumerable<int> TooLong(string source)
    {
        if (!source.Split('\n').Any(line => line.Length > Longest))
            return [];
        var tree = CSharpSyntaxTree.ParseText(source);
        TextSpan[] wholes = [.. tree.GetRoot().DescendantNodesAndTokens().Where(IsWhole).Select(part => part.Span)];
        return tree.GetText().Lines.Where(line => line.Span.Length > Longest && !wholes.Any(whole => Explains(whole, line)))
            .Select(line => line.LineNumber + 1);
    }

    // The name of a test is a sentence. A line break in a raw or a verbatim string is part of it. An interpolated one that is taken for
    // something else than a string, such as by string.Create, cannot be put together of two.
    private static bool IsWhole(SyntaxNodeOrToken part) =>
        part.IsNode
            ? part.AsNode() is InterpolatedStringExpressionSyntax
            : part.IsKind(SyntaxKind.IdentifierToken) ? part.Parent is MethodDeclarationSyntax method && method.Identifier == part
            : part.ToString() is ['@', '"', ..] or ['"', '"', '"', ..];

    // The line is within it, or would be too long as well if nothing else stood there.
    private static bool Explains(TextSpan whole, TextLine line)
    {
        var indent = line.ToString().TakeWhile(char.IsWhiteSpace).Count();
        return (whole.Start < line.Start && whole.End > line.Start)
            || (line.Span.Contains(whole) && indent + whole.Length > Longest - "? ,;".Length);
    }
}
