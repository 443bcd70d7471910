using System.IO.Compression;
using System.Xml.Linq;
using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>What is in the packages.</summary>
public sealed class PackageTests
{
    [TestCase("BlockSmtp.Core", "IPNetwork2, Microsoft.Extensions.Hosting.Abstractions, Microsoft.Extensions.Logging.Abstractions, "
        + "Microsoft.Extensions.Options, Mono.Posix.NETStandard")]
    [TestCase("BlockSmtp.Fleet", "BlockSmtp.Core, Microsoft.Extensions.Logging.Abstractions, StackExchange.Redis")]
    [TestCase("BlockSmtp.Milter", "BlockSmtp.Core, Microsoft.Extensions.Logging.Abstractions")]
    [TestCase(
        "BlockSmtp.Sqlite",
        "BlockSmtp.Core, Microsoft.Data.Sqlite.Core, Microsoft.Extensions.Logging.Abstractions, SQLitePCLRaw.provider.sqlite3")]
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

    /// <summary>Makes all packages as the page says, and installs the tool from them as a user does.</summary>
    [Test, RunsCommandsOf("CONTRIBUTING.md", "The packages"), RunsCommandsOf("docs/library.md", "The tool")]
    public void The_tool_is_packed_for_each_kind_of_machine_and_runs_when_it_is_installed()
    {
        foreach (var needed in new[] { "gcc", "aarch64-linux-gnu-gcc", "qemu-aarch64-static" })
            Requires.Tool(needed);
        var printed = DocumentedCommands.Of("CONTRIBUTING.md", "The packages").Single().Run(Workspace.Prefix(Repository.Root));
        var made = Path.Combine(Repository.Root, "artifacts", "packages");

        using (var package = ZipFile.OpenRead(Path.Combine(made, "blocksmtp.1.0.0.nupkg")))
        {
            Names(package).Should().Contain(["README.md", "icon.png", "tools/any/any/DotnetToolSettings.xml"]);
            Read(package, "tools/any/any/DotnetToolSettings.xml").Should()
                .Contain("Name=\"blocksmtp\"").And.Contain("Id=\"blocksmtp.linux-x64\"").And.Contain("Id=\"blocksmtp.linux-arm64\"")
                .And.Contain("Id=\"blocksmtp.any\"");
        }

        printed.Should().Contain("blocksmtp.linux-x64.1.0.0.nupkg").And.Contain("blocksmtp.linux-arm64.1.0.0.nupkg")
            .And.Contain("blocksmtp.any.1.0.0.nupkg");
        // Installed as what it is there for, this kind of machine takes its native one.
        InstallsAsThePageSaysAndBlocks(made);
        BlocksInAReplay(Install("blocksmtp.any", made));
        BlocksInAReplay(
            "qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", Unpack(Path.Combine(made, "blocksmtp.linux-arm64.1.0.0.nupkg")));
        new Symbols(Path.Combine(made, "BlockSmtp.Core.1.0.0.snupkg")).Documents.Should().NotBeEmpty()
            .And.OnlyContain(
                document => document.IsEmbedded && document.Name.StartsWith("/_/", StringComparison.Ordinal),
                "there may be no address to fetch them from");
    }

    /// <summary>Installs the tool in a folder that has the packages and nothing that says where any are.</summary>
    private static void InstallsAsThePageSaysAndBlocks(string source)
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(elsewhere["packages"], source);
        string[] prefix = [.. Workspace.Prefix(elsewhere["."]), $"NUGET_PACKAGES={Workspace.MakePackageFolder(elsewhere["restored"])}"];
        DocumentedCommands.Of("docs/library.md", "The tool").Single().Run(prefix).Should().Contain("blocksmtp 1.0.0");
        BlocksInAReplay(elsewhere["tools/blocksmtp"]);
    }

    private static string Install(string tool, string source)
    {
        var folder = Path.Combine(Workspace.Path, "tools-" + tool);
        Workspace.Dotnet(Workspace.Path, "tool", "install", tool, "--tool-path", folder, "--add-source", source);
        return Path.Combine(folder, "blocksmtp");
    }

    private static string Unpack(string native)
    {
        var file = Path.Combine(Workspace.Path, Path.GetFileNameWithoutExtension(native));
        using (var package = ZipFile.OpenRead(native))
            package.Entries.Single(entry => entry.Name == "blocksmtp").ExtractToFile(file);
        Command.Run("chmod", "+x", file);
        return file;
    }

    private static void BlocksInAReplay(string tool, params string[] arguments)
    {
        using var process = Workspace.Start(Workspace.Path, tool, [.. arguments, "replay", "--json", "-"]);
        process.StandardInput.Write(new LogText().Unknown(101, 4).End(101, "203.0.113.7"));
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd().Should().Contain("\"action\":\"block\",\"address\":\"203.0.113.7\"");
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
    }

    private static ZipArchive Open(string id, string kind) =>
        ZipFile.OpenRead(
            Directory.GetFiles(Workspace.Feed, $"{id}.*.{kind}").Single(file => char.IsAsciiDigit(Path.GetFileName(file)[id.Length + 1])));

    private static IEnumerable<string> Names(ZipArchive package) => package.Entries.Select(entry => entry.FullName);

    private static XDocument Nuspec(ZipArchive package) =>
        XDocument.Parse(Read(package, Names(package).Single(name => name.EndsWith(".nuspec", StringComparison.Ordinal))));

    private static string Read(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static string? Value(XDocument nuspec, string name) =>
        nuspec.Descendants().SingleOrDefault(element => element.Name.LocalName == name && !element.HasElements)?.Value;
}
