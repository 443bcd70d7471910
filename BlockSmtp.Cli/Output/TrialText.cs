using System.Globalization;
using BlockSmtp.Control;

namespace BlockSmtp.Cli.Output;

/// <summary>
/// That a trial runs: the daemon says it with the name of its firewall, and whoever asks who is blocked has
/// to know that nothing is dropped.
/// </summary>
internal static class TrialText
{
    private const string Start = ", trial until ";

    /// <summary>What follows the name of the firewall; nothing without a trial, and when it is over.</summary>
    public static string Of(DateTimeOffset? end, DateTimeOffset now) =>
        end > now ? string.Create(CultureInfo.InvariantCulture, $"{Start}{end:yyyy-MM-dd HH:mm} UTC") : "";

    /// <summary>Until when a daemon's trial runs, as it is shown; null without one.</summary>
    public static async Task<string?> EndAsync(ControlClient client)
    {
        var firewall = (await client.GetStatusAsync()).Daemon.Firewall;
        return firewall.IndexOf(Start, StringComparison.Ordinal) is >= 0 and var at ? firewall[(at + Start.Length)..] : null;
    }
}
