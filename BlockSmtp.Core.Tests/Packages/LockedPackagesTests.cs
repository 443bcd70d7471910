using System.Text.Json;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>
/// What is compiled in comes with a sum that is in the repository, and where the variable CI is set nothing else is taken.
/// </summary>
internal sealed partial class LockedPackagesTests
{
    private static readonly string[] Locking = ["BlockSmtp.Core.Tests", "BlockSmtp.Testing"];
    private static readonly string[] HandedOn =
        [
            "BlockSmtp.Core", "BlockSmtp.Fleet", "BlockSmtp.Milter", "BlockSmtp.Sqlite", "BlockSmtp.Testing", "BlockSmtp.Cli",
            "BlockSmtp.Fleet.Cli"
        ];

    // The SDK chooses these, in its own version.
    [GeneratedRegex(@"^(Microsoft\.NET\.ILLink\.Tasks|(runtime\..*\.)?Microsoft\.DotNet\.ILCompiler)/")]
    private static partial Regex OfTheSdk { get; }

    [GeneratedRegex(@"""contentHash"": ""(.)")]
    private static partial Regex Sum { get; }

    [Test]
    public void Every_package_of_what_is_handed_on_is_locked([ValueSource(nameof(HandedOn))] string project)
    {
        var locked = Locking.SelectMany(locking => PackagesOf(locking, "packages.lock.json", "dependencies")).ToHashSet(
            StringComparer.OrdinalIgnoreCase);

        var taken = PackagesOf(project, "obj/project.assets.json", "libraries").Where(package => !OfTheSdk.IsMatch(package)).ToList();

        taken.Should().NotBeEmpty().And.OnlyContain(package => locked.Contains(package));
    }

    [Test]
    public void On_CI_a_package_with_another_sum_is_not_taken()
    {
        using var folder = new TemporaryFolder();
        var clone = folder["clone"];
        Command.Run("git", "clone", "--quiet", "--no-hardlinks", Repository.Root, clone);
        string[] restore = [.. Workspace.Prefix(clone), "env", "CI=true", "dotnet", "restore", "BlockSmtp.Core.Tests", "--nologo"];
        Command.Run(TimeSpan.FromMinutes(5), restore[0], restore[1..]);
        var file = Path.Combine(clone, "BlockSmtp.Core.Tests", "packages.lock.json");
        File.WriteAllText(
            file, Sum.Replace(File.ReadAllText(file), sum => $"\"contentHash\": \"{(sum.Groups[1].Value == "A" ? 'B' : 'A')}", 1));

        var (code, output, _) = Command.Try(restore[0], [.. restore[1..], "--force"]);

        code.Should().NotBe(0);
        output.Should().Contain("NU1403");
    }

    private static List<string> PackagesOf(string project, string file, string member)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, project, file)));
        var found = document.RootElement.GetProperty(member);
        return member == "libraries"
            ? [.. found.EnumerateObject().Where(package => !IsProject(package.Value)).Select(package => package.Name)]
            : [.. found.EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
                .Where(package => !IsProject(package.Value))
                .Select(package => $"{package.Name}/{package.Value.GetProperty("resolved").GetString()}")];
    }

    private static bool IsProject(JsonElement package) =>
        package.GetProperty("type").ValueEquals("project") || package.GetProperty("type").ValueEquals("Project");
}
