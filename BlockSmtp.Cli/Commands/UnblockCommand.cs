using System.Globalization;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Lets in again.</summary>
internal static class UnblockCommand
{
    public static async Task<int> RunAsync(UnblockVerb verb)
    {
        if (verb.All && verb.Networks.Any())
            throw new CommandException(ExitCode.Usage, "unblock: --all is everybody: leave out the addresses, or --all");
        var networks = verb.All ? [] : OptionValue.Networks("NETWORK", verb.Networks, "unblock");
        return await DaemonRequest.AskAsync(verb, async client =>
        {
            if (verb.All)
                Console.Out.WriteLine($"{(await client.UnblockAllAsync()).ToString("N0", CultureInfo.InvariantCulture)} are let in again");
            foreach (var network in networks)
            {
                await client.UnblockAsync(network);
                Console.Out.WriteLine($"{BlockTable.NameOf(network)} is let in again");
            }

            return ExitCode.Ok;
        });
    }
}
