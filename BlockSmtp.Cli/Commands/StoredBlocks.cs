using System.Net;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Sqlite;

namespace BlockSmtp.Cli.Commands;

/// <summary>Answers from what a daemon that does not run any more has left.</summary>
internal static class StoredBlocks
{
    public static async Task<IReadOnlyList<Block>> CurrentAsync(StoredVerb verb)
    {
        var now = DateTimeOffset.UtcNow;
        return [.. (await FindAsync(verb, new HistoryQuery { OnlyCurrent = true })).Select(record => record.Block).Where(block => block.Until > now)];
    }

    public static async Task<(HostExplanation Explanation, IReadOnlyList<BlockRecord>? Earlier)> ExplainAsync(StoredVerb verb, IPAddress host)
    {
        var found = await FindAsync(verb, new HistoryQuery { Host = host });
        var now = DateTimeOffset.UtcNow;
        var block = found.Where(record => record.IsCurrent && record.Block.Until > now).Select(record => record.Block).MaxBy(block => block.Network.PrefixLength);
        return (new HostExplanation(host) { Block = block }, [.. found.Where(record => record.Block != block)]);
    }

    public static async Task<IReadOnlyList<BlockRecord>> FindAsync(StoredVerb verb, HistoryQuery query)
    {
        var directory = OptionValue.Path("state-dir", verb.StateDir) ?? DaemonSettings.UsualStateDirectory;
        var nobody = $"no daemon listens on '{DaemonRequest.PathOf(verb)}'";
        if (!Directory.Exists(directory))
            throw new CommandException(ExitCode.Unavailable, $"{nobody}, and none has left its state in '{directory}': is it running, and with this --control-socket?");
        try
        {
            var found = await new SqliteBlockHistory(directory).FindAsync(query);
            Console.Error.WriteLine($"blocksmtp: {nobody}: this is what it has left in '{directory}'");
            return found;
        }
        catch (BlockStoreException e)
        {
            throw new CommandException(ExitCode.Unavailable, $"{nobody}, and what it has left cannot be read: {e.Message}");
        }
    }
}
