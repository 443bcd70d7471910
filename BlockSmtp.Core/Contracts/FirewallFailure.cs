namespace BlockSmtp;

/// <summary>What kind of failure a <see cref="FirewallException"/> tells of.</summary>
public enum FirewallFailure
{
    /// <summary>A call failed; trying again may help.</summary>
    Failed,

    /// <summary>Something the firewall needs is not installed or not in the kernel.</summary>
    Missing,

    /// <summary>The process may not change the firewall.</summary>
    NotPermitted,
}
