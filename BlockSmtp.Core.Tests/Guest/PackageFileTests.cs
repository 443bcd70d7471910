using System.Text.Json;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>The package as a file.</summary>
public sealed class PackageFileTests
{
    [Test]
    public void Lintian_finds_no_fault()
    {
        // It leaves a file among the temporary ones.
        using var folder = new TemporaryFolder();
        var (exitCode, output, errors) = Command.Try(
            TimeSpan.FromMinutes(5),
            "env",
            [$"TMPDIR={folder["."]}", "lintian", "--allow-root", "--fail-on=error,warning", GuestSetup.OldPackage]);
        exitCode.Should().Be(0, output + errors);
    }

    /// <summary>What docs/rebuild.md compares.</summary>
    [Test]
    public void The_program_in_it_is_the_published_one_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        Command.Run("dpkg-deb", "--extract", GuestSetup.OldPackage, folder["."]);
        File.ReadAllBytes(folder["usr/sbin/blocksmtp"]).AsSpan().SequenceEqual(File.ReadAllBytes(Tool.Path)).Should().BeTrue();
    }

    [Test]
    public void Two_builds_give_the_same_bytes() =>
        File.ReadAllBytes(GuestSetup.Build(GuestSetup.OldVersion, "again")).Should().Equal(File.ReadAllBytes(GuestSetup.OldPackage));

    [Test]
    public void The_pages_in_it_lead_to_one_another_and_to_nothing_else()
    {
        using var folder = new TemporaryFolder();
        Command.Run("dpkg-deb", "--extract", GuestSetup.OldPackage, folder["."]);
        var pages = Directory.GetFiles(folder["usr/share/doc/blocksmtp"], "*.md");
        pages.Select(Path.GetFileName).Should().Contain(["getting-started.md", "operations.md", "usage.md", "metrics.md"]);
        foreach (var page in pages)
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(page), @"\]\((?!https?:)([^)#]+)"))
                Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value))
                    .Should().BeTrue($"{Path.GetFileName(page)} leads to {link.Groups[1].Value}");
        }

        foreach (Match name in Regex.Matches(File.ReadAllText(folder["usr/share/doc/blocksmtp/README.Debian"]), @"[a-z-]+\.md"))
            pages.Select(Path.GetFileName).Should().Contain(name.Value);
    }

    [Test]
    public void Its_copyright_file_names_every_library_that_is_compiled_into_the_program()
    {
        var copyright = Command.Run(
            "bash",
            "-c",
            $"dpkg-deb --fsys-tarfile '{GuestSetup.OldPackage}' | tar --extract --to-stdout ./usr/share/doc/blocksmtp/copyright");
        var named = Regex.Matches(copyright, @"[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*(?:\.\*)?").Select(word => word.Value).ToHashSet();
        var compiledIn = LibrariesOf(Path.Combine(Repository.Root, "BlockSmtp.Cli", "obj", "project.assets.json"));

        compiledIn.Should().Contain("CommandLineParser").And.Contain("SQLitePCLRaw.core");
        compiledIn.Where(library => !named.Contains(library) && !named.Any(name =>
            name.EndsWith(".*", StringComparison.Ordinal) && library.StartsWith(name[..^1], StringComparison.Ordinal)))
            .Should().BeEmpty();
    }

    /// <summary>
    /// The packages whose code a restored project takes in: those with an assembly for running, and the compiler, which links the runtime.
    /// </summary>
    private static string[] LibrariesOf(string assets)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(assets));
        return
        [
            .. json.RootElement.GetProperty("targets").EnumerateObject()
                .SelectMany(target => target.Value.EnumerateObject())
                .Where(library => library.Name.StartsWith("Microsoft.DotNet.ILCompiler/", StringComparison.Ordinal)
                    || HasAssembly(library.Value))
                .Select(library => library.Name.Split('/')[0])
                .Distinct(),
        ];
    }

    private static bool HasAssembly(JsonElement library) =>
        library.GetProperty("type").GetString() == "package"
        && new[] { "runtime", "runtimeTargets" }.Any(kind =>
            library.TryGetProperty(kind, out var files)
            && files.EnumerateObject().Any(file => file.Name.EndsWith(".dll", StringComparison.Ordinal)));

    [Test]
    public void It_depends_on_what_the_program_needs_and_on_no_runtime()
    {
        var depends = Command.Run("dpkg-deb", "--field", GuestSetup.OldPackage, "Depends");
        depends.Should().Contain("libc6 (>= ").And.Contain("iptables | nftables").And.Contain("libnftables1").And.NotContain("dotnet");
        Command.Run("dpkg-deb", "--field", GuestSetup.OldPackage, "Recommends")
            .Should().Contain("sendmail | ", "sendmail-bin alone delivers to nobody on the machine");
    }
}
