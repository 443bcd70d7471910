using System.Runtime.InteropServices;
using BlockSmtp.Tests.Fixtures;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BlockSmtp.Tests.Docs;

/// <summary>The code on the pages: each block is a piece of a sample, or a file that compiles.</summary>
internal sealed class CodeBlocksTests
{
    // What ImplicitUsings of Microsoft.NET.Sdk adds.
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static IEnumerable<TestCaseData> All() =>
        from page in Page.All
        from block in page.Blocks
        where block.Language == "csharp"
        select new TestCaseData(block).SetArgDisplayNames(block.ToString());

    [TestCaseSource(nameof(All))]
    public void A_block_of_code_is_of_a_sample_or_compiles(CodeBlock block)
    {
        var (page, code) = (block.Page, block.Text);
        if (SampleSources().Any(source => source.Contains(code, StringComparison.Ordinal)))
            return;

        // What a page has said before, a later block may use: the firewall of docs/library.md in its program.
        var others = Page.Find(page).Blocks.Where(other => other.Language == "csharp").Select(other => other.Text)
            .Where(other => other != code && other.Contains("\nnamespace ", StringComparison.Ordinal));
        var trees = others.Append(code).Append(Usings).Select(text => CSharpSyntaxTree.ParseText(text)).ToList();
        var isProgram = trees[^2].GetCompilationUnitRoot().Members.Any(member => member.IsKind(SyntaxKind.GlobalStatement));
        var compilation = CSharpCompilation.Create(
            "Block",
            trees,
            References.Value,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable));
        compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1701")
            .Should().BeEmpty();
    }

    private static Lazy<IReadOnlyList<MetadataReference>> References { get; } = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Concat(Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "System.*.dll"))
            .DistinctBy(Path.GetFileName)
            .Where(path => !Path.GetFileName(path).Contains("Native", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private static IEnumerable<string> SampleSources() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText);
}
