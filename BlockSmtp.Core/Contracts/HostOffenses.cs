using System.Net;

namespace BlockSmtp;

/// <summary>What a host that is not blocked has done.</summary>
/// <param name="Host">The host.</param>
/// <param name="Offenses">The offenses that still count, oldest first; none when they no longer do.</param>
public sealed record HostOffenses(IPAddress Host, IReadOnlyList<Offense> Offenses);
