using System.Net;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>Learns from the kernel itself, not from us, when an address has come into force.</summary>
internal interface IRuleWatch : IDisposable
{
    /// <summary>An address is about to be blocked.</summary>
    void Expect(IPAddress address);

    /// <summary>When an address was first seen in force, by <see cref="System.Diagnostics.Stopwatch"/>; null if it was not.</summary>
    long? SeenAt(IPAddress address);

    /// <summary>Waits for an address.</summary>
    /// <returns>False when it has not come in time.</returns>
    bool Await(IPAddress address, TimeSpan patience);
}
