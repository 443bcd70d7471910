using System.Text;
using BlockSmtp.Policies;
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
    public HtmlOutput(string path, CountPolicyOptions policy, ReplayOptions options)
    {
        _path = path;
        _collector = new ReportCollector(policy, options);
        options.KeepRecipients = true;
        options.CountDeliveries = true;
        options.Observer = options.Observer is { } other ? new BothObservers(other, _collector) : _collector;
        try
        {
            AtomicFile.Try(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed("html", path, e);
        }
    }

    public void Write(ReplaySummary summary, IEnumerable<string> files)
    {
        try
        {
            AtomicFile.Write(_path, mode: null, lasts: true, file =>
            {
                using var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true);
                HtmlReport.Write(text, _collector.Complete(summary), files.Select(Name), TimeProvider.System.GetUtcNow());
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed("html", _path, e);
        }
    }

    private static string Name(string file) => file == "-" ? "standard input" : Path.GetFileName(file);
}
