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
        if (verb.All)
        {
            var count = await DaemonRequest.AskAsync(verb, client => client.UnblockAllAsync());
            Console.Out.WriteLine(count switch
            {
                0 => "nobody was blocked",
                1 => "the one that was blocked is let in again",
                _ => string.Create(CultureInfo.InvariantCulture, $"{count:N0} are let in again"),
            });
            return ExitCode.Ok;
        }

        var networks = OptionValue.Networks("NETWORK", verb.Networks, "unblock");
        return await DaemonRequest.ForEachAsync(verb, networks, async (client, network) =>
        {
            var (name, left) = (BlockTable.NameOf(network), await client.UnblockAsync(network));
            if (left.Wider is { } wider)
            {
                var (whole, end) = (BlockTable.NameOf(wider.Network), BlockTable.EndOf(wider));
                Console.Out.WriteLine(
                    $"{name} is not let in: its own block has ended, but {whole} is blocked {end}: blocksmtp unblock {whole}");
                return ExitCode.Unavailable;
            }

            Console.Out.WriteLine(
                $"{name} is let in again{(left.Within > 0 ? $", but {Blocked(left.Within)}: blocksmtp why {name}" : "")}");
            return ExitCode.Ok;
        });
    }

    private static string Blocked(int count) =>
        count == 1
            ? "one host or network in it stays blocked"
                : string.Create(CultureInfo.InvariantCulture, $"{count:N0} hosts and networks in it stay blocked");
}
