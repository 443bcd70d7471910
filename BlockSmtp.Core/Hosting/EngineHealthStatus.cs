namespace BlockSmtp.Hosting;

/// <summary>How an engine is: with the numbers that .NET's <c>HealthStatus</c> has, so that the one may be cast to the other.</summary>
public enum EngineHealthStatus
{
    /// <summary>It does not run, or makes no sign of life: nobody is blocked.</summary>
    Unhealthy = 0,

    /// <summary>It runs, but not all that it decides is done.</summary>
    Degraded = 1,

    /// <summary>All is well.</summary>
    Healthy = 2,
}
