using System.Text.Json;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>Whoever debugs into a package gets the sources that it was built from.</summary>
internal sealed class SourceLinkTests
{
    [Test]
    public void Of_a_repository_that_is_published_the_symbols_name_address_and_commit()
    {
        using var folder = new TemporaryFolder();
        var clone = folder["clone"];
        Command.Run("git", "clone", "--quiet", "--no-hardlinks", Repository.Root, clone);
        Command.Run("git", "-C", clone, "remote", "set-url", "origin", "https://github.com/example/blocksmtp.git");
        var commit = Command.Run("git", "-C", clone, "rev-parse", "HEAD").Trim();

        Workspace.Dotnet(
            clone, "pack", "BlockSmtp.Testing", "-c", "Release", "--nologo", "-warnaserror", "-o", folder["packages"],
            "-p:ContinuousIntegrationBuild=true", "-p:EnableSourceLink=true", "-p:RunAnalyzers=false");

        var symbols = new Symbols(Directory.GetFiles(folder["packages"], "BlockSmtp.Testing.*.snupkg").Single());
        using var link = JsonDocument.Parse(symbols.SourceLink!);
        link.RootElement.GetProperty("documents").GetProperty("/_/*").GetString()
            .Should().Be($"https://raw.githubusercontent.com/example/blocksmtp/{commit}/*");
        symbols.Documents.Select(document => document.Name).Should().OnlyContain(
            name => name.StartsWith("/_/", StringComparison.Ordinal), "no path of the machine that built it is in a package");
        var written = symbols.Documents.Select(document => document.Name)
            .Where(name => !name.Contains("/obj/", StringComparison.Ordinal))
            .ToList();
        written.Should().NotBeEmpty();
        foreach (var name in written)
            Command.Run("git", "-C", clone, "cat-file", "-e", $"{commit}:{name["/_/".Length..]}");
    }
}
