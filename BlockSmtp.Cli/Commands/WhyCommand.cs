using System.Net;
using System.Net.Sockets;
using BlockSmtp.Cli.Names;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Tells why an address or a network is blocked, or is not.</summary>
internal static class WhyCommand
{
    public static async Task<int> RunAsync(WhyVerb verb)
    {
        var text = OptionValue.One(verb.Addresses, "why", "ADDRESS");
        if (!NetworkText.TryParse(text, out _) && TrustedName.IsDomain(text))
            return await ExplainNameAsync(verb, text);
        var asked = OptionValue.Network("ADDRESS", text);
        if (NetworkText.IsHost(asked))
            await ExplainAsync(verb, asked.BaseAddress);
        else
            await ExplainAsync(verb, asked);
        return ExitCode.Ok;
    }

    /// <summary>Who asks has typed the name himself; none that a client has written is ever looked up.</summary>
    private static async Task<int> ExplainNameAsync(WhyVerb verb, string name)
    {
        try
        {
            var hosts = (await Dns.GetHostAddressesAsync(name))
                .Select(host => host.IsIPv4MappedToIPv6 ? host.MapToIPv4() : host)
                .Distinct()
                .ToArray();
            if (!verb.Json)
                Console.Out.WriteLine($"{name} is {string.Join(", ", hosts.Select(host => host.ToString()))}");
            foreach (var host in hosts)
                await ExplainAsync(verb, host);
            return ExitCode.Ok;
        }
        catch (SocketException e)
        {
            throw new CommandException(
                ExitCode.Unavailable, $"'{name}' is no address, and no name that is known here ({e.Message}): write an address");
        }
    }

    private static async Task ExplainAsync(WhyVerb verb, IPAddress host)
    {
        string? trial = null;
        var (explanation, earlier) = await DaemonRequest.AskOrAsync(
            verb,
            async client =>
            {
                trial = verb.Json ? null : await TrialText.EndAsync(client);
                return await client.ExplainAsync(host);
            },
            () => StoredBlocks.ExplainAsync(verb, host));
        if (verb.Json)
            ExplanationJson.Write(explanation, earlier);
        else
            Explanation.Write(Console.Out, explanation, earlier, DateTimeOffset.UtcNow, trial);
    }

    private static async Task ExplainAsync(WhyVerb verb, IPNetwork network)
    {
        string? trial = null;
        var (explanation, earlier) = await DaemonRequest.AskOrAsync(
            verb,
            async client =>
            {
                trial = verb.Json ? null : await TrialText.EndAsync(client);
                return await client.ExplainNetworkAsync(network);
            },
            () => StoredBlocks.ExplainAsync(verb, network));
        if (verb.Json)
            ExplanationJson.Write(explanation, earlier);
        else
            Explanation.Write(Console.Out, explanation, earlier, DateTimeOffset.UtcNow, trial);
    }
}
