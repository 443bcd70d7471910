using System.Text;
using BlockSmtp.Policies;
using BlockSmtp.Reports;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Reports;

/// <summary>Makes the report of a log.</summary>
internal static class ReportOf
{
    public static Task<Report> Log(LogText log, ReplayOptions? options = null) => Log(Encoding.ASCII.GetBytes(log.ToString()), options);

    public static async Task<Report> Log(byte[] log, ReplayOptions? options = null)
    {
        var policy = new CountPolicyOptions();
        options ??= new ReplayOptions();
        (options.TimeZone, options.FirstYear, options.KeepRecipients, options.CountDeliveries) = (TimeZoneInfo.Utc, 2026, true, true);
        var collector = new ReportCollector(policy, options);
        options.Observer = collector;
        var replay = new LogReplay(
            new MemoryLogSource(log),
            new CountPolicy(policy),
            options,
            new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)));
        return collector.Complete(await replay.RunAsync());
    }
}
