using BlockSmtp.Cli.Logging;
using BlockSmtp.Policies;
using BlockSmtp.Sqlite;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Tells the policy whom earlier runs have blocked: whoever comes back is known again, and blocked for longer, also after a restart.
/// </summary>
internal static class EarlierBlocks
{
    // The latest: a start does not wait for the history of a month.
    private const int Most = 4096;

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    public static async Task TakeUpAsync(DaemonSettings settings, IOffenderPolicy policy, ILogger logger)
    {
        if (settings.StateDirectory is not { } directory || policy is not BalancePolicy balance)
            return;
        try
        {
            var query = new HistoryQuery { From = DateTimeOffset.UtcNow - Remembered, Limit = Most };
            balance.LoadBlocks(await new SqliteBlockHistory(directory).FindAsync(query));
        }
        catch (BlockStoreException e)
        {
            // There was none, or it is beyond repair, of which the store itself, which is opened next, says more.
            logger.EarlierBlocksNotRead(e.Message);
        }
    }
}
