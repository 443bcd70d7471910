using System.Text.RegularExpressions;
using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>
/// What samples/README.md says of the samples, done in the repository. In a network of its own: the ports are those of the page.
/// </summary>
[Category(Needs.Root)]
internal sealed class SamplesPageTests
{
    private const string Samples = "samples/README.md";

    private NetworkNamespace _network = null!;

    private string[] Here => [.. _network.Prefix, .. Workspace.Prefix(Repository.Root)];

    [SetUp]
    public void MakeNetwork() => _network = new();

    [TearDown]
    public void RemoveNetwork() => _network?.Dispose();

    [Test, RunsCommandsOf(Samples, "CustomFirewall")]
    public void CustomFirewall_prints_what_the_page_shows() =>
        DocumentedCommands.Of(Samples, "CustomFirewall").Single().Run(Here).Should().EndWith(Shown("CustomFirewall"));

    [Test, RunsCommandsOf(Samples, "CustomFirewall.Tests")]
    public void CustomFirewall_passes_its_tests() =>
        DocumentedCommands.Of(Samples, "CustomFirewall.Tests").Single().Run(Here)
            .Should().MatchRegex("Failed: +0, Passed: +[1-9][0-9], Skipped: +0");

    [Test, RunsCommandsOf(Samples, "EmbeddedWorker")]
    public async Task EmbeddedWorker_blocks_whom_the_page_says()
    {
        var commands = DocumentedCommands.Of(Samples, "EmbeddedWorker");
        await using var worker = commands[0].Start(Here);
        await worker.UntilItSays("listening for syslog on 127\\.0\\.0\\.1:5514");
        await worker.UntilItSays("Application started");
        commands[1].Run(Here);
        await SaysWhatThePageShows(worker, "EmbeddedWorker");
    }

    [Test, RunsCommandsOf(Samples, "OwnMailServer")]
    public void OwnMailServer_prints_what_the_page_shows() =>
        DocumentedCommands.Of(Samples, "OwnMailServer").Single().Run(Here).Should().EndWith(Shown("OwnMailServer"));

    [Test, RunsCommandsOf(Samples, "WebDashboard")]
    public async Task WebDashboard_listens_and_blocks_whom_the_page_says()
    {
        await using var dashboard = DocumentedCommands.Of(Samples, "WebDashboard").Single().Start(Here);
        await SaysWhatThePageShows(dashboard, "WebDashboard");
    }

    private async Task SaysWhatThePageShows(RunningProgram program, string heading)
    {
        foreach (var line in Shown(heading).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await program.UntilItSays(Regex.Escape(line));
        (await program.InterruptAsync()).Should().Be(0);
        foreach (var tool in new[] { "iptables", "ip6tables" })
            _network.Run(tool, "-w", "-S").Should().NotContain("SPAM_UNAME_GUESSERS", "a sample blocks nobody");
    }

    private static string Shown(string heading) =>
        Page.Find(Samples).Blocks.Single(block => block.Heading == heading && block.Language == "text").Text;
}
