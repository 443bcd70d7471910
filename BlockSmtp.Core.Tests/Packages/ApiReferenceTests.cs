using AngleSharp.Html.Parser;
using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>The reference of every public type, as eng/api-reference makes it.</summary>
internal sealed class ApiReferenceTests
{
    [Test, RunsCommandsOf("CONTRIBUTING.md", "The reference")]
    public void It_is_made_without_a_warning_and_its_links_lead_somewhere()
    {
        DocumentedCommands.Of("CONTRIBUTING.md", "The reference").Single().Run(Workspace.Prefix(Repository.Root))
            .Should().Contain("artifacts/api/BlockSmtp.html");

        var folder = Path.Combine(Repository.Root, "artifacts", "api");
        var pages = Directory.GetFiles(folder, "*.html");
        foreach (var type in new[]
        {
            typeof(DetectionEngine), typeof(BlockSmtp.Hosting.BlockSmtpOptions), typeof(Sqlite.SqliteBlockStore),
            typeof(BlockSmtp.Testing.FirewallConformance)
        })
            pages.Should().Contain(Path.Combine(folder, type.FullName + ".html"));
        foreach (var page in pages)
        {
            using var document = new HtmlParser().ParseDocument(File.ReadAllText(page));
            var targets = document.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!.Split('#')[0]).Where(target =>
                target.Length > 0 && !target.Contains(':', StringComparison.Ordinal));
            targets.Distinct().Where(target => !File.Exists(Path.Combine(folder, target)))
                .Should().BeEmpty($"{Path.GetFileName(page)} links to these");
        }
    }
}
