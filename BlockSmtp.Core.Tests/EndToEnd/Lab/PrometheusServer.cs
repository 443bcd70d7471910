using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The real Prometheus, and the real node_exporter, in the namespace of a lab's sendmail. Disposing it ends both.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const string Address = "127.0.0.1:9090";
    private const string NodeAddress = "127.0.0.1:9100";

    private readonly SendmailLab _lab;
    private readonly List<Process> _processes = [];

    /// <param name="lab">Whose namespace.</param>
    /// <param name="folder">Where it may write.</param>
    /// <param name="target">Where the figures of the daemon are served.</param>
    /// <param name="textFiles">The folder that node_exporter looks into.</param>
    public PrometheusServer(SendmailLab lab, TemporaryFolder folder, string target, string textFiles)
    {
        _lab = lab;
        var settings = folder.Write("prometheus.yml", $"""
            global: {"{"} scrape_interval: 500ms, scrape_timeout: 500ms {"}"}
            scrape_configs:
              - {"{"} job_name: blocksmtp, static_configs: [ {"{"} targets: ['{target}'] {"}"} ] {"}"}
              - {"{"} job_name: node, static_configs: [ {"{"} targets: ['{NodeAddress}'] {"}"} ] {"}"}
            """);
        Start("prometheus", $"--config.file={settings}", $"--storage.tsdb.path={folder["data"]}", $"--web.listen-address={Address}");
        Start(
            "prometheus-node-exporter",
            "--collector.disable-defaults",
            "--collector.textfile",
            $"--collector.textfile.directory={textFiles}",
            $"--web.listen-address={NodeAddress}");
    }

    public static void RequireTools()
    {
        foreach (var tool in new[] { "prometheus", "promtool", "prometheus-node-exporter" })
            Requires.Tool(tool);
    }

    /// <summary>What a query gives now, one number for each series; none while it cannot be asked, or has no data.</summary>
    public double[] Query(string expression)
    {
        var (code, output, _) = Command.Try(
            _lab.Prefix[0], [.. _lab.Prefix[1..], "promtool", "query", "instant", "--format=json", $"http://{Address}", expression]);
        if (code != 0)
            return [];
        using var json = JsonDocument.Parse(output);
        return
        [
            .. json.RootElement.EnumerateArray()
                .Select(series => double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))
                .Where(double.IsFinite),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private void Start(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(_lab.Prefix[0], [.. _lab.Prefix[1..], file, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes.Add(process);
    }
}
