using System.Text.Json;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>The bill of materials names what is in the packages, each with its version.</summary>
internal sealed class SbomTests
{
    [Test]
    public void The_tool_s_names_what_it_is_built_of_and_is_the_same_each_time()
    {
        Requires.Tool("python3");
        using var folder = new TemporaryFolder();
        var (first, second) = (Write(folder["first"]), Write(folder["second"]));

        first.Should().Equal(second);
        using var bom = JsonDocument.Parse(first);
        bom.RootElement.GetProperty("bomFormat").GetString().Should().Be("CycloneDX");
        bom.RootElement.GetProperty("metadata").GetProperty("properties").EnumerateArray().Single().GetProperty("value").GetString()
            .Should()
            .Be(
                Command.Run("env", [.. Workspace.Prefix(Repository.Root)[1..], "dotnet", "--version"]).Trim(),
                "whoever builds it once more has to know which SDK it was");
        var named = bom.RootElement.GetProperty("components")
            .EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("version").GetString()!);
        named["CommandLineParser"].Should().Be("2.9.1");
        named.Should().ContainKeys("DnsClient", "SQLitePCLRaw.provider.sqlite3", "Microsoft.DotNet.ILCompiler").And.NotContainKey("NUnit");
    }

    private static byte[] Write(string folder)
    {
        Command.Run(TimeSpan.FromMinutes(10), Path.Combine(Repository.Root, "packaging", "sbom"), folder);
        return File.ReadAllBytes(Path.Combine(folder, "blocksmtp.cdx.json"));
    }
}
