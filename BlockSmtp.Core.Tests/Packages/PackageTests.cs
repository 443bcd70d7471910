using System.IO.Compression;
using System.Xml.Linq;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>What is in the packages.</summary>
public sealed class PackageTests
{
    [TestCase("BlockSmtp.Core", "IPNetwork2, Microsoft.Extensions.Hosting.Abstractions, Microsoft.Extensions.Logging.Abstractions, Microsoft.Extensions.Options, Mono.Posix.NETStandard")]
    [TestCase("BlockSmtp.Sqlite", "BlockSmtp.Core, Microsoft.Data.Sqlite.Core, Microsoft.Extensions.Logging.Abstractions, SQLitePCLRaw.provider.sqlite3")]
    [TestCase("BlockSmtp.Testing", "BlockSmtp.Core, NUnit")]
    public void A_library_has_all_that_its_user_needs_and_depends_on_no_more(string id, string dependencies)
    {
        using var package = Open(id, "nupkg");
        var nuspec = Nuspec(package);
        Names(package).Should().Contain([$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", "README.md", "icon.png"]);
        Names(package).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Should().HaveCount(2);
        nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)
            .Order().Should().Equal(dependencies.Split(", "));
        Value(nuspec, "readme").Should().Be("README.md");
        Value(nuspec, "icon").Should().Be("icon.png");
        Value(nuspec, "license").Should().Be("MIT");
        Value(nuspec, "tags").Should().Contain("smtp");
        Value(nuspec, "releaseNotes").Should().StartWith("# Changelog");

        using var symbols = Open(id, "snupkg");
        Names(symbols).Should().Contain($"lib/net10.0/{id}.pdb");
    }

    [Test]
    public void The_tool_points_to_a_package_for_each_kind_of_machine()
    {
        using var package = Open("blocksmtp", "nupkg");
        Names(package).Should().Contain(["README.md", "icon.png", "tools/any/any/DotnetToolSettings.xml"]);
        Read(package, "tools/any/any/DotnetToolSettings.xml").Should()
            .Contain("Name=\"blocksmtp\"").And.Contain("Id=\"blocksmtp.linux-x64\"").And.Contain("Id=\"blocksmtp.any\"");
    }

    /// <summary>Installs the tool as a user does, and runs it.</summary>
    [TestCase("any", "-p:PublishAot=false")]
    [TestCase("linux-x64", "")]
    public void The_installed_tool_runs(string rid, string argument)
    {
        Requires.Need(rid == "any" || (OperatingSystem.IsLinux() && Requires.Find("gcc") is not null), "there is no C compiler to link with");
        Workspace.PackTool(rid, argument.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var tools = Path.Combine(Workspace.Path, "tools-" + rid);
        // Installed as what it is there for: x64 takes the native one as soon as there is one.
        string[] which = rid == "any" ? ["blocksmtp.any"] : ["blocksmtp"];
        Workspace.Dotnet(Workspace.Path, ["tool", "install", .. which, "--tool-path", tools, "--add-source", Workspace.Feed]);

        using var process = Workspace.Start(Workspace.Path, Path.Combine(tools, "blocksmtp"), "replay", "--json", "-");
        process.StandardInput.Write(new LogText().Unknown(101, 4).End(101, "203.0.113.7"));
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd().Should().Contain("\"action\":\"block\",\"address\":\"203.0.113.7\"");
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
    }

    private static ZipArchive Open(string id, string kind) =>
        ZipFile.OpenRead(Directory.GetFiles(Workspace.Feed, $"{id}.*.{kind}").Single(file => char.IsAsciiDigit(Path.GetFileName(file)[id.Length + 1])));

    private static IEnumerable<string> Names(ZipArchive package) => package.Entries.Select(entry => entry.FullName);

    private static XDocument Nuspec(ZipArchive package) => XDocument.Parse(Read(package, Names(package).Single(name => name.EndsWith(".nuspec", StringComparison.Ordinal))));

    private static string Read(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static string? Value(XDocument nuspec, string name) =>
        nuspec.Descendants().SingleOrDefault(element => element.Name.LocalName == name && !element.HasElements)?.Value;
}
