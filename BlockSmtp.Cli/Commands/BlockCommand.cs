using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;
using BlockSmtp.Control;

namespace BlockSmtp.Cli.Commands;

/// <summary>Blocks by hand.</summary>
internal static class BlockCommand
{
    public static async Task<int> RunAsync(BlockVerb verb)
    {
        var networks = OptionValue.Networks("NETWORK", verb.Networks, "block");
        var time = OptionValue.BlockTime("for", verb.For);
        return await DaemonRequest.ForEachAsync(verb, networks, async (client, network) =>
        {
            var wish = new BlockWish(network) { Time = time, Reason = verb.Reason, Shortens = verb.Shorten };
            var outcome = await client.BlockAsync(wish, default);
            var block = outcome.Block!;
            var name = BlockTable.NameOf(block.Network);
            Console.Out.WriteLine(outcome.IsKept
                ? $"{name} is blocked for longer already, {BlockTable.EndOf(block)}, and stays so; --shorten has it end sooner"
                : $"{name} is blocked {BlockTable.EndOf(block)}; undo it with: blocksmtp unblock {name}");
            return ExitCode.Ok;
        });
    }
}
