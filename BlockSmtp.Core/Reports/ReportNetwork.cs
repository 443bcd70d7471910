using System.Net;

namespace BlockSmtp.Reports;

/// <summary>The hosts of one network together.</summary>
/// <param name="Network">The network.</param>
/// <param name="Hosts">How many of its hosts guessed.</param>
/// <param name="Blocked">How many of them would have been blocked.</param>
/// <param name="Offenses">How many guesses they made.</param>
public sealed record ReportNetwork(IPNetwork Network, int Hosts, int Blocked, long Offenses);
