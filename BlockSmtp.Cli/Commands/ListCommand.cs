using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Lists who is blocked.</summary>
internal static class ListCommand
{
    public static async Task<int> RunAsync(ListVerb verb)
    {
        string? trial = null;
        var blocks = BlockTable.Sort(await DaemonRequest.AskOrAsync(
            verb,
            async client =>
            {
                trial = verb.Json ? null : await TrialText.EndAsync(client);
                return await client.GetBlocksAsync();
            },
            () => StoredBlocks.CurrentAsync(verb)));
        if (!verb.Json)
        {
            if (trial is not null)
                Console.Out.WriteLine($"a trial runs until {trial}: nothing is dropped, but would be");
            BlockTable.Write(Console.Out, blocks, DateTimeOffset.UtcNow);
            return ExitCode.Ok;
        }

        await using var output = new BufferedStream(Console.OpenStandardOutput());
        BlockTable.WriteJson(output, blocks);
        return ExitCode.Ok;
    }
}
