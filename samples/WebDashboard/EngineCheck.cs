using BlockSmtp.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WebDashboard;

/// <summary>The library's look at its engine as a health check of .NET: the library itself does not need that package.</summary>
internal sealed class EngineCheck(EngineHealth health) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = await health.CheckAsync(cancellationToken);
        return new HealthCheckResult((HealthStatus)report.Status, report.Description, data: report.Data);
    }
}
