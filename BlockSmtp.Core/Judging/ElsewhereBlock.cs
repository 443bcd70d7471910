using System.Net;

namespace BlockSmtp.Judging;

/// <summary>A block that another host of the fleet has made.</summary>
internal readonly record struct ElsewhereBlock(IPNetwork Network, TimeSpan Time, int Offenses, string Reason, string Node);
