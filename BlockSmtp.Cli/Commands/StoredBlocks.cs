using System.Net;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;
using BlockSmtp.Control;
using BlockSmtp.Sqlite;

namespace BlockSmtp.Cli.Commands;

/// <summary>Answers from what a daemon that does not run any more has left.</summary>
internal static class StoredBlocks
{
    public static async Task<IReadOnlyList<Block>> CurrentAsync(StoredVerb verb)
    {
        var now = DateTimeOffset.UtcNow;
        return [.. (await FindAsync(verb, new HistoryQuery { OnlyCurrent = true })).Select(record => record.Block).Where(block =>
            block.Until > now)];
    }

    public static async Task<HostRecord> ExplainAsync(WhyVerb verb, IPAddress host)
    {
        var (found, offenses) = await AskAsync(verb, async history =>
            (await history.FindAsync(new HistoryQuery { Host = host }), await history.FindOffensesAsync(host)));
        var whiteList = WhiteListOf(verb);
        var isTrusted = whiteList.TryFind(host, out var trusted);
        var now = DateTimeOffset.UtcNow;
        var block = found.Where(record => record.IsCurrent && record.Block.Until > now).Select(record => record.Block).MaxBy(block =>
            block.Network.PrefixLength);
        var explanation = new HostExplanation(host)
        {
            Block = block,
            Trusted = isTrusted ? $"white-listed by {BlockTable.NameOf(trusted)}" : null,
            TrustedAt = isTrusted ? whiteList.PlaceOf(trusted) : null,
            Offenses = offenses,
        };
        return new HostRecord(explanation, [.. found.Where(record => record.Block != block)]);
    }

    public static async Task<NetworkRecord> ExplainAsync(WhyVerb verb, IPNetwork network)
    {
        var (current, found) = await AskAsync(verb, async history =>
            (await history.FindAsync(new HistoryQuery { OnlyCurrent = true }),
                await history.FindAsync(new HistoryQuery { Network = network })));
        var now = DateTimeOffset.UtcNow;
        Block[] blocks = [.. current.Select(record => record.Block).Where(block => block.Until > now)];
        var explanation = new NetworkExplanation(network)
        {
            Block = blocks.Where(block => Covers(block.Network, network)).MaxBy(block => block.Network.PrefixLength),
            Within = [.. blocks.Where(block => !block.Network.Equals(network) && Covers(network, block.Network))],
        };
        return new NetworkRecord(explanation, [.. found.Where(record => record.Block != explanation.Block)]);
    }

    public static Task<IReadOnlyList<BlockRecord>> FindAsync(StoredVerb verb, HistoryQuery query) =>
        AskAsync(verb, async history => await history.FindAsync(query));

    private static bool Covers(IPNetwork wide, IPNetwork narrow) =>
        wide.PrefixLength <= narrow.PrefixLength && wide.Contains(narrow.BaseAddress);

    /// <summary>The white-list that a daemon would start with. One that is wrong hides nothing of the rest.</summary>
    private static WhiteList WhiteListOf(WhyVerb verb)
    {
        try
        {
            return OptionValue.LoadWhiteList(verb.WhiteList).With(TrustedByName.Load(verb.WhiteListNames, verb.NamesCache).Networks).At(
                DateTimeOffset.UtcNow);
        }
        catch (CommandException e)
        {
            Console.Error.WriteLine($"blocksmtp: without the white-list, as {verb.Locate(e).Message.Split('\n')[0]}");
            return WhiteList.Empty;
        }
    }

    private static async Task<T> AskAsync<T>(StoredVerb verb, Func<SqliteBlockHistory, Task<T>> ask)
    {
        var directory = OptionValue.Path("state-dir", verb.StateDir) ?? DaemonSettings.UsualStateDirectory;
        var nobody = $"no daemon listens on '{DaemonRequest.PathOf(verb)}'";
        if (!Directory.Exists(directory))
            throw new CommandException(
                ExitCode.Unavailable,
                $"{nobody}, and none has left its state in '{directory}': is it running, and with this --control-socket?");
        try
        {
            var found = await ask(new SqliteBlockHistory(directory));
            Console.Error.WriteLine($"blocksmtp: {nobody}: this is what it has left in '{directory}'");
            return found;
        }
        catch (BlockStoreException e)
        {
            throw new CommandException(ExitCode.Unavailable, $"{nobody}, and what it has left cannot be read: {e.Message}");
        }
    }
}
