using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Blocks by hand.</summary>
internal static class BlockCommand
{
    public static async Task<int> RunAsync(BlockVerb verb)
    {
        var networks = OptionValue.Networks("NETWORK", verb.Networks, "block");
        TimeSpan? time = verb.For is null ? null : OptionValue.Duration("for", verb.For, default);
        return await DaemonRequest.AskAsync(verb, async client =>
        {
            foreach (var network in networks)
            {
                var block = await client.BlockAsync(network, time, verb.Reason);
                var name = BlockTable.NameOf(block.Network);
                Console.Out.WriteLine($"{name} is blocked until {SpanText.Show(block.Until)}; undo it with: blocksmtp unblock {name}");
            }

            return ExitCode.Ok;
        });
    }
}
