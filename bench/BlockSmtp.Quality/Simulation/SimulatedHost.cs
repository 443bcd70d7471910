using System.Net;

namespace BlockSmtp.Quality.Simulation;

/// <summary>A host that comes to the mail server.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Kind">What it is; guessers' begin with <c>g-</c>.</param>
/// <param name="Relay">How sendmail names it in the log.</param>
/// <param name="UsesTls">Whether it encrypts.</param>
internal sealed record SimulatedHost(IPAddress Address, string Kind, string Relay, bool UsesTls)
{
    public bool IsGuesser => Kind.StartsWith("g-", StringComparison.Ordinal);
}
