using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Lists the blocks that there were and are.</summary>
internal static class HistoryCommand
{
    public static async Task<int> RunAsync(HistoryVerb verb)
    {
        var query = new HistoryQuery
        {
            From = verb.Since is null ? null : DateTimeOffset.UtcNow - OptionValue.Duration("since", verb.Since, default),
            Host = verb.Address is null ? null : OptionValue.Host("address", verb.Address),
            Limit = OptionValue.Number("limit", verb.Limit, 1000, 1, 10_000_000),
        };
        var history = await DaemonRequest.AskOrAsync(verb, client => client.FindAsync(query), () => StoredBlocks.FindAsync(verb, query));
        if (!verb.Json)
        {
            BlockTable.Write(Console.Out, history);
            return ExitCode.Ok;
        }

        await using var output = new BufferedStream(Console.OpenStandardOutput());
        BlockTable.WriteJson(output, history);
        return ExitCode.Ok;
    }
}
