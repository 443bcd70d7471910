namespace BlockSmtp.Firewalls;

/// <summary>iptables and ip6tables are two programs that run at the same time.</summary>
internal static class BothFamilies
{
    /// <summary>Waits for both, whatever comes of the one, and then says what failed.</summary>
    public static async Task WaitAsync(Task ipv4, Task ipv6)
    {
        await Task.WhenAll(ipv4, ipv6).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ipv4.Exception?.InnerException is FirewallException { Failure: FirewallFailure.Failed } first
            && ipv6.Exception?.InnerException is FirewallException second)
        {
            throw new FirewallException($"{first.Message}; {second.Message}", first) { Failure = second.Failure };
        }
        await ipv4.ConfigureAwait(false);
        await ipv6.ConfigureAwait(false);
    }
}
