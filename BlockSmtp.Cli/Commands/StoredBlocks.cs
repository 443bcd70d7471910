using System.Net;
using BlockSmtp.Cli.Options;

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

    public static Task<IReadOnlyList<BlockRecord>> FindAsync(StoredVerb verb, HistoryQuery query) =>
        throw new CommandException(ExitCode.Unavailable, $"no daemon listens on '{DaemonRequest.PathOf(verb)}': is it running, and with this --control-socket?");
}
