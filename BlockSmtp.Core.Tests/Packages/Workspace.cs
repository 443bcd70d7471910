using System.Diagnostics;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>
/// A folder outside of the repository with the packed packages as a source beside the machine's own, for what a stranger does with them.
/// Packages of an earlier run are not in its way: its package folder has links to all that were restored here, but none to ours.
/// </summary>
[SetUpFixture]
internal sealed class Workspace
{
    private static DirectoryInfo _folder = null!;

    /// <summary>The folder, with a nuget.config.</summary>
    public static string Path => _folder.FullName;

    /// <summary>The packages.</summary>
    public static string Feed => System.IO.Path.Combine(Path, "feed");

    // The repository's own projects are built with the packages of the machine.
    private static IEnumerable<(string Name, string Value)> SettingsFor(string folder) =>
        new[] { ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_NOLOGO", "1"), ("NUGET_PACKAGES", System.IO.Path.Combine(Path, "packages")) }
            .SkipLast(folder.StartsWith(Path, StringComparison.Ordinal) ? 0 : 1);

    private static string Configuration { get; } = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal)
        ? "Debug"
        : "Release";

    [OneTimeSetUp]
    public void Pack()
    {
        _folder = Directory.CreateTempSubdirectory("blocksmtp-packages-");
        Directory.CreateDirectory(Feed);
        File.WriteAllText(System.IO.Path.Combine(Path, "nuget.config"), """
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <packageSources>
                <add key="packed" value="feed" />
              </packageSources>
            </configuration>
            """);
        MakePackageFolder(System.IO.Path.Combine(Path, "packages"));
        Dotnet(Repository.Root, "pack", "BlockSmtp.sln", "-c", Configuration, "--no-build", "--nologo", "-warnaserror", "-o", Feed);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Delete(recursive: true);

    /// <summary>
    /// A folder for NUGET_PACKAGES with all that was restored on this machine, except what is ours: that must come from a source.
    /// </summary>
    public static string MakePackageFolder(string path)
    {
        Directory.CreateDirectory(path);
        var restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var folder in new DirectoryInfo(restored).EnumerateDirectories().Where(folder =>
            !folder.Name.StartsWith("blocksmtp", StringComparison.Ordinal)))
            Directory.CreateSymbolicLink(System.IO.Path.Combine(path, folder.Name), folder.FullName);
        return path;
    }

    /// <summary>Runs dotnet as in a terminal, and returns what it printed; fails with that when it fails.</summary>
    public static string Dotnet(string folder, params string[] arguments)
    {
        using var process = Start(folder, "dotnet", arguments);
        process.StandardInput.Close();
        // To dispose of the process does not close them.
        using var printed = process.StandardOutput;
        using var complained = process.StandardError;
        var output = printed.ReadToEndAsync();
        var errors = complained.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(10)))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.ExitCode.Should().Be(0, $"dotnet {string.Join(' ', arguments)} is to work, but said\n{output.Result}{errors.Result}");
        return output.Result;
    }

    /// <summary>Starts a program with this folder's packages.</summary>
    public static Process Start(string folder, string file, params string[] arguments) =>
        Process.Start(StartInfo(folder, file, arguments))!;

    /// <summary>How to start a program with this folder's packages.</summary>
    public static ProcessStartInfo StartInfo(string folder, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfTheDotnetThatRunsTheTests).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in SettingsFor(folder))
            start.Environment[name] = value;
        return start;
    }

    /// <summary>The words to put before a command so that it runs in a folder of this one, with this folder's packages.</summary>
    public static string[] Prefix(string folder)
    {
        var told = Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsOfTheDotnetThatRunsTheTests);
        return
        [
            "env",
            "-C",
            folder,
            .. told.SelectMany(name => new[] { "-u", name }),
            .. SettingsFor(folder).Select(setting => $"{setting.Name}={setting.Value}"),
        ];
    }

    /// <summary>Copies a folder of the repository here, as it is in the repository.</summary>
    public static void Copy(string folder)
    {
        foreach (var file in Command.Run("git", "-C", Repository.Root, "ls-files", "--cached", "--others", "--exclude-standard", folder)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var target = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath("samples", file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(System.IO.Path.Combine(Repository.Root, file), target);
        }
    }

    // What it has told them is not for another one.
    private static bool IsOfTheDotnetThatRunsTheTests(string name) => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);
}
