using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>The samples, copied away from the repository and built against the packages, as whoever copies one does.</summary>
public sealed partial class SampleTests
{
    private static readonly string[] Samples =
        ["CustomFirewall", "CustomFirewall.Tests", "EmbeddedWorker", "OwnMailServer", "WebDashboard"];

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token { get; }

    [OneTimeSetUp]
    public void Build()
    {
        foreach (var sample in Samples)
            Workspace.Copy("samples/" + sample);
        File.WriteAllText(
            Path.Combine(Workspace.Path, "Samples.slnx"),
            $"<Solution>{string.Concat(Samples.Select(sample => $"<Project Path=\"{sample}/{sample}.csproj\" />"))}</Solution>");
        Workspace.Dotnet(Workspace.Path, "build", "Samples.slnx", "-warnaserror", "-v", "quiet");
    }

    [Test]
    public void They_are_built_against_the_packages()
    {
        foreach (var sample in Samples)
            File.ReadAllText(Path.Combine(Workspace.Path, sample, "obj", "project.assets.json"))
                .Should().MatchRegex("\"BlockSmtp.Core/1.0.0\": {\\s+\"type\": \"package\"", sample);
    }

    [Test]
    public void CustomFirewall_passes_the_kit() =>
        Workspace.Dotnet(Workspace.Path, "test", "CustomFirewall.Tests", "--no-build")
            .Should().MatchRegex("Failed: +0, Passed: +[23][0-9], Skipped: +0");

    [Test]
    public void CustomFirewall_blocks_and_releases()
    {
        var file = Path.Combine(Workspace.Path, "deny.conf");
        Workspace.Dotnet(Workspace.Path, Program("CustomFirewall"), file).Should()
            .Be("deny 192.0.2.1/32;\ndeny 2001:db8::/64;\nafter the release: 2001:db8::/64\n");
        File.Exists(file).Should().BeFalse();
    }

    [Test]
    public async Task EmbeddedWorker_takes_lines_from_a_socket_and_blocks_by_its_own_policy()
    {
        await using var worker = Start("EmbeddedWorker", "--Syslog:Port=0");
        await BlocksByItsOwnPolicy(worker);
    }

    [Test]
    public async Task EmbeddedWorker_counts_as_far_as_its_settings_say()
    {
        await using var worker = Start("EmbeddedWorker", "--Syslog:Port=0", "--BlockSmtp:MaxOffenses=1", "--BlockSmtp:BlockTime=7m");
        var port = await PortOf(worker);

        Send(port, new LogText().Unknown(101, 2).End(101, "203.0.113.7"));
        await worker.UntilItSays("would block 203\\.0\\.113\\.7/32");
        worker.Said.Should().Contain("blocked 203.0.113.7").And.Contain("more than 1 wrong guess");
        (await worker.StopAsync()).Should().Be(0);
    }

    /// <summary>
    /// The whole of the hosting in one native program: nothing of it is found by reflection that a trimmed program lacks.
    /// </summary>
    [Test]
    public async Task EmbeddedWorker_does_the_same_as_a_native_program()
    {
        Requires.Tool("gcc");
        var folder = Path.Combine(Workspace.Path, "native");
        Workspace.Dotnet(
            Workspace.Path, "publish", "EmbeddedWorker", "-c", "Release", "--use-current-runtime", "-p:PublishAot=true",
            "-p:CppCompilerAndLinker=gcc", "-p:LinkerFlavor=bfd", "-warnaserror", "-v", "quiet", "-o", folder);
        File.Exists(Path.Combine(folder, "EmbeddedWorker.dll")).Should().BeFalse("it is one file of machine code");
        await using var worker = StartElsewhere(Path.Combine(folder, "EmbeddedWorker"), "--Syslog:Port=0");
        await BlocksByItsOwnPolicy(worker);
    }

    private static async Task BlocksByItsOwnPolicy(RunningProgram worker)
    {
        var port = await PortOf(worker);

        Send(port, new LogText().Unknown(101, 3).End(101, "203.0.113.7"));
        Send(port, new LogText().Line(102, "<webmaster@example.org>... User unknown").End(102, "203.0.113.8"));
        await worker.UntilItSays("would block 203\\.0\\.113\\.8/32");
        worker.Said.Should().NotContain("203.0.113.7", "three guesses are not too many");
        Send(port, new LogText().Unknown(103, 1).End(103, "203.0.113.7"));
        await worker.UntilItSays("would block 203\\.0\\.113\\.7/32");
        (await worker.StopAsync()).Should().Be(0);
    }

    [Test]
    public async Task WebDashboard_lists_and_releases_and_takes_no_foreign_form()
    {
        var log = Path.Combine(Workspace.Path, "dashboard.log");
        File.WriteAllText(log, new LogText().Unknown(101, 3).Line(101, "<\"<script>alert(1)</script>\"@example.org>... User unknown")
            .End(101, "203.0.113.7").ToString());
        await using var dashboard = Start("WebDashboard", "--Port=0", "--BlockSmtp:LogFile=" + log, "--BlockSmtp:FromStart=true");
        var address = (await dashboard.UntilItSays("Now listening on: (http://127\\.0\\.0\\.1:[0-9]+)")).Groups[1].Value;
        await dashboard.UntilItSays("would block 203\\.0\\.113\\.7/32");
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        (await client.GetStringAsync(new Uri("/health", UriKind.Relative))).Should().Be("Healthy");

        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative));
        page.Should().Contain("<td class=\"\">203.0.113.7</td>").And.Contain("&lt;script&gt;").And.NotContain("<script");

        using (var foreign = await client.PostAsync(new Uri("/release", UriKind.Relative), Form(("network", "203.0.113.7/32"))))
            foreign.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        using (var otherName = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "attacker.example" } })
        using (var refused = await client.SendAsync(otherName))
            refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await client.GetStringAsync(new Uri("/", UriKind.Relative))).Should().Contain("203.0.113.7");

        using (var own = await client.PostAsync(
            new Uri("/release", UriKind.Relative),
            Form(("network", "203.0.113.7/32"), ("__RequestVerificationToken", Token.Match(page).Groups[1].Value))))
            own.IsSuccessStatusCode.Should().BeTrue();
        (await client.GetStringAsync(new Uri("/", UriKind.Relative))).Should().Contain("0 blocked now").And.NotContain("203.0.113.7");
        (await dashboard.StopAsync()).Should().Be(0);
    }

    [Test]
    public async Task WebDashboard_looks_the_same_to_a_browser()
    {
        Requires.Tool("chromium");
        var log = Path.Combine(Workspace.Path, "browser.log");
        File.WriteAllText(log, new LogText().Unknown(101, 3)
            .Line(101, "<\"<script>document.title='gone'</script>\"@example.org>... User unknown").End(101, "203.0.113.7").ToString());
        await using var dashboard = Start("WebDashboard", "--Port=0", "--BlockSmtp:LogFile=" + log, "--BlockSmtp:FromStart=true");
        var address = (await dashboard.UntilItSays("Now listening on: (http://127\\.0\\.0\\.1:[0-9]+)")).Groups[1].Value;
        await dashboard.UntilItSays("would block 203\\.0\\.113\\.7/32");

        var page = Command.Try(
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--user-data-dir=" + Path.Combine(Workspace.Path, "browser"), "--dump-dom", address + "/").Output;
        page.Should().Contain("<title>BlockSmtp</title>").And.Contain(">203.0.113.7</td>").And.Contain(">Release</button>");
        await dashboard.UntilItSays("/style.css - 200");
        (await dashboard.StopAsync()).Should().Be(0);
    }

    private static async Task<int> PortOf(RunningProgram worker) =>
        int.Parse(
            (await worker.UntilItSays("listening for syslog on 127\\.0\\.0\\.1:([0-9]+)")).Groups[1].ValueSpan,
            CultureInfo.InvariantCulture);

    private static string Program(string sample) => Path.Combine(Workspace.Path, sample, "bin", "Debug", "net10.0", sample + ".dll");

    /// <summary>Starts a sample from a folder that is not its own: that its settings are a dry run must not hang on that.</summary>
    private static RunningProgram Start(string sample, params string[] arguments) =>
        StartElsewhere("dotnet", [Program(sample), .. arguments]);

    private static RunningProgram StartElsewhere(string file, params string[] arguments) =>
        new(Workspace.StartInfo(Directory.CreateDirectory(Path.Combine(Workspace.Path, "elsewhere")).FullName, file, arguments));

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));

    /// <summary>Sends each line as rsyslog does, with its priority and without its end.</summary>
    private static void Send(int port, LogText log)
    {
        using var socket = new UdpClient("127.0.0.1", port);
        foreach (var line in log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            socket.Send(Encoding.ASCII.GetBytes("<22>" + line));
    }
}
