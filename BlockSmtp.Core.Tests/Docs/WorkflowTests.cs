using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace BlockSmtp.Tests.Docs;

/// <summary>
/// What stands in .github is well formed, and calls only what is there. What it calls is run by .ci/run and by other tests.
/// </summary>
internal sealed partial class WorkflowTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, ".github");

    [GeneratedRegex(@"(?<![\w./$-])[.\w]+(?:/[\w.-]+)+(?![\w/*-])")]
    private static partial Regex Paths { get; }

    // A tag can be moved to another commit by whoever owns it.
    [GeneratedRegex("^[a-z-]+/[a-z-]+@[0-9a-f]{40}$")]
    private static partial Regex PinnedAction { get; }

    private static IEnumerable<string> Workflows() => Names("workflows");

    private static IEnumerable<string> Forms() => Names("ISSUE_TEMPLATE").Where(name => name != "config.yml");

    [TestCaseSource(nameof(Workflows))]
    public void A_workflow_calls_only_scripts_that_are_there_and_pinned_actions(string name)
    {
        var workflow = Read("workflows", name);
        workflow.Children.Keys.Select(key => key.ToString()).Should().Contain(["name", "on", "permissions", "jobs"]);
        var steps = Jobs(workflow).SelectMany(Steps).ToList();
        steps.Should().NotBeEmpty();
        steps.Select(step => Value(step, "uses")).OfType<string>().Should().OnlyContain(action => PinnedAction.IsMatch(action));

        using var folder = new TemporaryFolder();
        foreach (var script in steps.Select(step => Value(step, "run")).OfType<string>())
        {
            Command.Try("bash", "-n", folder.Write("step", script)).Should().Be((0, "", ""));
            foreach (var path in Paths.Matches(script).Select(match => match.Value).Where(path =>
                !path.StartsWith("artifacts/", StringComparison.Ordinal)))
                Command.Try("test", "-x", Path.Combine(Repository.Root, path)).ExitCode.Should().Be(0, $"{path} can be run");
        }
    }

    /// <summary>
    /// eng/debian-guest makes guests of what apt knows as Debian's, and real netfilter takes root: nothing may be skipped there (.ci/run).
    /// </summary>
    [TestCaseSource(nameof(Workflows))]
    public void A_job_that_runs_the_tests_is_root_in_a_Debian_with_every_right(string name)
    {
        var workflow = Read("workflows", name);
        var testing = Jobs(workflow)
            .Where(job => Scripts(job).Any(script => script.Contains(".ci/run", StringComparison.Ordinal)))
            .ToList();
        testing.Should().NotBeEmpty();
        foreach (var container in testing.Select(job => (YamlMappingNode)job["container"]))
        {
            Value(container, "image").Should().Be("debian:12", "the tests are for this one");
            Value(container, "options").Should().Contain("--privileged");
        }
    }

    /// <summary>An image of Debian has no sudo, no git for the checkout, and for a script no shell but sh unless one is named.</summary>
    [TestCaseSource(nameof(Workflows))]
    public void A_job_in_a_container_brings_what_its_image_lacks(string name)
    {
        var workflow = Read("workflows", name);
        workflow["defaults"]["run"]["shell"].ToString().Should().Be("bash");
        foreach (var job in Jobs(workflow).Where(job => job.Children.ContainsKey("container")))
        {
            Scripts(job).Should().NotContain(script => Regex.IsMatch(script, @"\bsudo\b"));
            Value(Steps(job).First(), "run").Should().MatchRegex("apt-get .*install .*\\bgit\\b");
        }
    }

    [Test]
    public void The_release_has_the_packages_for_Debian_and_for_RPM()
    {
        var scripts = Scripts(Jobs(Read("workflows", "release.yml")).Single()).ToList();
        var made = scripts.FindIndex(script => script.Contains("packaging/deb/build", StringComparison.Ordinal)
            && script.Contains("packaging/rpm/build", StringComparison.Ordinal));
        made.Should().BeGreaterThan(scripts.IndexOf(".ci/run"), "what fails a test is not packaged");
        var summed = scripts.FindIndex(script =>
            script.Contains("cp artifacts/packages/* artifacts/deb/* artifacts/rpm/* artifacts/release/\n", StringComparison.Ordinal));
        summed.Should().BeGreaterThan(made);
        scripts[summed].Should().Contain("packaging/sums artifacts/release");
        scripts[^1].Should().StartWith("gh release create").And.Contain(" artifacts/release/* ");
        scripts.FindIndex(script => script.StartsWith("gh ", StringComparison.Ordinal)).Should().BeGreaterThan(made);
    }

    [Test]
    public void The_release_takes_the_version_for_its_tag_and_no_other()
    {
        var step = Steps(Jobs(Read("workflows", "release.yml")).Single()).Single(step =>
            Value(step, "name") == "See that the tag is the version");
        var script = Value(step, "run")!;
        string[] Words(string tag) =>
        [
            "-C", Repository.Root, "-u", "MSBUILD_EXE_PATH", "-u", "MSBuildSDKsPath", "-u", "MSBuildExtensionsPath",
            $"GITHUB_REF_NAME={tag}", "bash", "-euo", "pipefail", "-c", script
        ];

        Command.Try("env", Words("v1.0.0")).ExitCode.Should().Be(0);
        Command.Try("env", Words("v1.0.0-rc1")).ExitCode.Should().Be(0);
        Command.Try("env", Words("v1.0.1")).Should().Be((1, "", "the tag is v1.0.1, the version 1.0.0\n"));
    }

    [Test, Category(Needs.Root)]
    public void The_linker_that_they_install_is_there_then()
    {
        Requires.Root();
        Command.Run(Path.Combine(Repository.Root, "eng", "install-build-tools"), "arm64");
        Requires.Find("aarch64-linux-gnu-gcc").Should().NotBeNull();
    }

    [TestCaseSource(nameof(Forms))]
    public void A_form_for_an_issue_has_what_it_must(string name)
    {
        var form = Read("ISSUE_TEMPLATE", name);
        form.Children.Keys.Select(key => key.ToString()).Should().Contain(["name", "description", "body"]);
        ((YamlSequenceNode)form["body"]).Cast<YamlMappingNode>().Where(field => Value(field, "type") != "markdown")
            .Select(field => Value(field, "id"))
            .Should().NotBeEmpty().And.OnlyHaveUniqueItems().And.NotContainNulls();
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(Path.Combine(Folder, folder), "*.yml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private static YamlMappingNode Read(params string[] path)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Path.Combine([Folder, .. path]));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode workflow) =>
        ((YamlMappingNode)workflow["jobs"]).Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) => ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>();

    private static IEnumerable<string> Scripts(YamlMappingNode job) => Steps(job).Select(step => Value(step, "run")).OfType<string>();

    private static string? Value(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? value.ToString() : null;
}
