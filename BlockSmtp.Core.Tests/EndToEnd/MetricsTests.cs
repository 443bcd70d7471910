using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using BlockSmtp.Collections;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The figures of the real daemon under attack, as the real Prometheus and the real node_exporter read them.</summary>
internal sealed class MetricsTests
{
    private const string Target = "127.0.0.1:9625";

    private SendmailLab _lab = null!;
    private TemporaryFolder _folder = null!;
    private BlockSmtpDaemon _daemon = null!;
    private string _textFile = null!;

    [OneTimeSetUp]
    public async Task StartDaemon()
    {
        PrometheusServer.RequireTools();
        _lab = SendmailLab.Start();
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["textfiles"]);
        _textFile = Path.Combine(_folder["textfiles"], "blocksmtp.prom");
        _daemon = await BlockSmtpDaemon.StartAsync(_lab, $"--metrics={Target}", $"--metrics-textfile={_textFile}");
    }

    [OneTimeTearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _folder?.Dispose();
        _lab?.Dispose();
    }

    [Test, Order(1)]
    public async Task Prometheus_scrapes_it_under_attack_and_every_panel_of_the_dashboard_has_data()
    {
        await using var prometheus = new PrometheusServer(_lab, _folder, Target, _folder["textfiles"]);
        await AttackAsync("203.0.113.70");
        await Eventually.IsTrue(
            () => prometheus.Query("blocksmtp_reaction_duration_seconds_count >= 1").Length > 0, "Prometheus knows of the first block");
        await AttackAsync("203.0.113.71");
        await AttackAsync("2001:db8::a:72");

        await Eventually.IsTrue(
            () => prometheus.Query("blocksmtp_blocks_active{job=\"blocksmtp\"}").SequenceEqual([3.0]), "Prometheus knows of three blocks");
        prometheus.Query("blocksmtp_peer_lookups_total{outcome=\"found\"}").Should().NotBeEmpty();
        foreach (var (panel, expression) in PanelQueries())
            await Eventually.IsTrue(() => prometheus.Query(expression).Length > 0, $"the panel '{panel}' has data for {expression}");

        await Eventually.IsTrue(
            () => prometheus.Query("blocksmtp_blocks_active{job=\"node\"}").Length > 0, "node_exporter hands the text file on");
        prometheus.Query("node_textfile_scrape_error").Should().Equal(0);
    }

    [Test, Order(2)]
    public async Task Promtool_finds_nothing_to_say_of_either_form()
    {
        var served = await AskAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");

        served.Should().StartWith("HTTP/1.1 200 OK\r\n");
        CheckMetrics(served[(served.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).Should().BeEmpty();
        CheckMetrics(await File.ReadAllTextAsync(_textFile)).Should().BeEmpty();
        Command.Run("stat", "--format=%a", _textFile).Should().Be("644\n");
        Directory.GetFiles(_folder["textfiles"]).Should().Equal(_textFile);
    }

    [Test, Order(3)]
    public async Task No_address_is_among_the_figures()
    {
        (await AskAsync("GET /metrics HTTP/1.1\r\n\r\n"))
            .Should().Contain("blocksmtp_blocks_active").And.NotContain("203.0.113").And.NotContain("2001:db8");
    }

    [Test, Order(4)]
    public async Task The_text_file_goes_with_the_daemon()
    {
        _daemon.Signal("TERM");

        (await _daemon.ExitCodeAsync()).Should().Be(0);
        File.Exists(_textFile).Should().BeFalse();
    }

    private async Task AttackAsync(string source)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        await session.GuessAsync(4);
        await _daemon.Blocks(source);
    }

    private static (string Panel, string Expression)[] PanelQueries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "grafana", "blocksmtp.json")));
        var queries =
            from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
            from target in panel.GetProperty("targets").EnumerateArray()
            select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!
                .Replace("$job", "blocksmtp", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal)
                .Replace("$__rate_interval", "1m", StringComparison.Ordinal));
        return queries.ToArray();
    }

    private static string CheckMetrics(string text)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.StandardInput.Write(text);
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : $"exit code {process.ExitCode}: {said}";
    }

    private async Task<string> AskAsync(string request)
    {
        using var socket = NamespacedSocket.Create(_lab.ServerNamespace, AddressFamily.InterNetwork);
        await socket.ConnectAsync(IPEndPoint.Parse(Target));
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(new NetworkStream(socket));
        return await reader.ReadToEndAsync();
    }
}
