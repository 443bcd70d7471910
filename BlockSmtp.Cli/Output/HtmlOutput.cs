using System.Text;
using BlockSmtp.Cli.Options;
using BlockSmtp.Reports;
using BlockSmtp.Reports.Html;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes the report of a replay as a page into a file.</summary>
internal sealed class HtmlOutput
{
    private readonly string _path;
    private readonly ReportCollector _collector;

    /// <summary>Has the replay tell what the report needs.</summary>
    /// <exception cref="CommandException">The file cannot be written: said before hours of logs are read.</exception>
    public HtmlOutput(string path, PolicyChoice policy, ReplayOptions options)
    {
        _path = path;
        _collector = new ReportCollector(policy.Count, options, policy.IsBalance);
        options.KeepRecipients = true;
        options.CountDeliveries = true;
        options.Observer = Observers.Of(options.Observer, _collector);
        try
        {
            AtomicFile.Try(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed("html", path, e);
        }
    }

    /// <summary>What the same log comes to under another rule, which takes another reading of it.</summary>
    public static async Task<ReportOutcome> TryAsync(ILogSource source, PolicyChoice policy, ReplayOptions options)
    {
        var collector = new ReportCollector(policy.Count, options, policy.IsBalance);
        options.CountDeliveries = true;
        options.Observer = collector;
        return collector.Complete(await new LogReplay(source, policy.Make(), options).RunAsync()).Settings[0];
    }

    public void Write(ReplaySummary summary, IEnumerable<string> files, IEnumerable<ReportOutcome> besides)
    {
        try
        {
            AtomicFile.Write(_path, mode: null, lasts: true, file =>
            {
                using var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true);
                HtmlReport.Write(text, _collector.Complete(summary, besides), files.Select(Name), TimeProvider.System.GetUtcNow());
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed("html", _path, e);
        }
    }

    private static string Name(string file) => file == "-" ? "standard input" : Path.GetFileName(file);
}
