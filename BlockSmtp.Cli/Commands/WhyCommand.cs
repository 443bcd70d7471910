using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Tells why an address is blocked, or is not.</summary>
internal static class WhyCommand
{
    public static async Task<int> RunAsync(WhyVerb verb)
    {
        var host = OptionValue.Host("ADDRESS", OptionValue.One(verb.Addresses, "why", "ADDRESS"));
        var (explanation, earlier) = await DaemonRequest.AskOrAsync(verb, client => client.ExplainAsync(host), () => StoredBlocks.ExplainAsync(verb, host));
        Explanation.Write(Console.Out, explanation, earlier, DateTimeOffset.UtcNow);
        return ExitCode.Ok;
    }
}
