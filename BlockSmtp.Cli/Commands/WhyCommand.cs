using System.Net;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Tells why an address or a network is blocked, or is not.</summary>
internal static class WhyCommand
{
    public static async Task<int> RunAsync(WhyVerb verb)
    {
        var asked = OptionValue.Network("ADDRESS", OptionValue.One(verb.Addresses, "why", "ADDRESS"));
        if (OptionValue.IsHost(asked))
            await ExplainAsync(verb, asked.BaseAddress);
        else
            await ExplainAsync(verb, asked);
        return ExitCode.Ok;
    }

    private static async Task ExplainAsync(WhyVerb verb, IPAddress host)
    {
        var (explanation, earlier) = await DaemonRequest.AskOrAsync(verb, client => client.ExplainAsync(host), () =>
            StoredBlocks.ExplainAsync(verb, host));
        if (verb.Json)
            ExplanationJson.Write(explanation, earlier);
        else
            Explanation.Write(Console.Out, explanation, earlier, DateTimeOffset.UtcNow);
    }

    private static async Task ExplainAsync(WhyVerb verb, IPNetwork network)
    {
        var (explanation, earlier) =
            await DaemonRequest.AskOrAsync(verb, client => client.ExplainNetworkAsync(network), () =>
                StoredBlocks.ExplainAsync(verb, network));
        if (verb.Json)
            ExplanationJson.Write(explanation, earlier);
        else
            Explanation.Write(Console.Out, explanation, earlier, DateTimeOffset.UtcNow);
    }
}
