using BlockSmtp;
using BlockSmtp.Hosting;
using BlockSmtp.Policies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace EmbeddedWorker;

/// <summary>
/// Blocks a host for a day at once when it tries a trap: an address that nobody was ever given and that only a guesser comes upon. For all
/// else it counts, as the engine's options say: those of a policy count for the library's own, and so for one of ours only if we look at
/// them. Needs <c>KeepRecipients</c>.
/// </summary>
public sealed class TrapPolicy(IConfiguration configuration, IOptions<BlockSmtpOptions> options) : IOffenderPolicy
{
    private readonly HashSet<string> _traps = new(
        configuration.GetSection("Traps").GetChildren().Select(trap => trap.Value ?? ""), StringComparer.OrdinalIgnoreCase);

    private readonly CountPolicy _count = new(new()
    {
        MaxOffenses = options.Value.MaxOffenses,
        Window = options.Value.OffenseWindow,
        BlockTime = options.Value.BlockTime,
    });

    public Verdict Judge(in Offense offense) =>
        offense.Recipient is { } name && _traps.Contains(name.Trim('<', '>'))
            ? Verdict.Block(TimeSpan.FromDays(1), 1, "tried an address that is a trap")
            : _count.Judge(offense);
}
