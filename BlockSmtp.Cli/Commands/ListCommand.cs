using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Lists who is blocked.</summary>
internal static class ListCommand
{
    public static async Task<int> RunAsync(ListVerb verb)
    {
        var blocks = BlockTable.Sort(await DaemonRequest.AskOrAsync(verb, client => client.GetBlocksAsync(), () => StoredBlocks.CurrentAsync(verb)));
        if (!verb.Json)
        {
            BlockTable.Write(Console.Out, blocks, DateTimeOffset.UtcNow);
            return ExitCode.Ok;
        }

        await using var output = new BufferedStream(Console.OpenStandardOutput());
        BlockTable.WriteJson(output, blocks);
        return ExitCode.Ok;
    }
}
