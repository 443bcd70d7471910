using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Docs;

/// <summary>docs/architecture.md names what there is.</summary>
[TestFixture]
public sealed partial class ArchitecturePageTests
{
    private static readonly string Text = Page.Find("docs/architecture.md").Text;

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Names { get; }

    [Test]
    public void Each_class_and_folder_exists()
    {
        var types = typeof(DetectionEngine).Assembly.GetTypes()
            .Select(type => type.Name.Split('`')[0])
            .Append(nameof(Architecture.RoomsTests))
            .ToHashSet();
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "BlockSmtp.Core")).Select(Path.GetFileName).ToHashSet();

        var unknown = Names.Matches(Text).Select(match => match.Groups[1].Value).Where(name =>
            !types.Contains(name) && !folders.Contains(name));

        unknown.Should().BeEmpty();
    }

    [Test]
    public void Each_folder_of_the_library_is_named()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "BlockSmtp.Core"))
            .Select(folder => Path.GetFileName(folder)!)
            .Except(["bin", "obj"]);

        Names.Matches(Text).Select(match => match.Groups[1].Value).Should().Contain(folders);
    }
}
