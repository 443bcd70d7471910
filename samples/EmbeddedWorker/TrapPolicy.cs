using BlockSmtp;
using BlockSmtp.Policies;
using Microsoft.Extensions.Configuration;

namespace EmbeddedWorker;

/// <summary>
/// Blocks a host for a day at once when it tries a trap: an address that nobody was ever given and that only a guesser comes upon. For all else
/// it counts. Needs <c>KeepRecipients</c>.
/// </summary>
public sealed class TrapPolicy(IConfiguration configuration) : IOffenderPolicy
{
    private readonly HashSet<string> _traps = new(
        configuration.GetSection("Traps").GetChildren().Select(trap => trap.Value ?? ""), StringComparer.OrdinalIgnoreCase);

    private readonly CountPolicy _count = new();

    public Verdict Judge(in Offense offense) =>
        offense.Recipient is { } name && _traps.Contains(name.Trim('<', '>'))
            ? Verdict.Block(TimeSpan.FromDays(1), 1, "tried an address that is a trap")
            : _count.Judge(offense);
}
