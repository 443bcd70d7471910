using System.Net;

namespace BlockSmtp.Cli.Commands;

/// <summary>A milter that a mail server's configuration has it ask.</summary>
/// <param name="Name">What the configuration calls it.</param>
/// <param name="Address">Where it is to be; null for what is no address.</param>
/// <param name="WhenAway">What the mail server does when it is away; null for taking the mail.</param>
/// <param name="Connect">How long the mail server waits for a connection, in seconds.</param>
/// <param name="Reply">How long it waits for a reply to a command.</param>
/// <param name="End">How long it waits for the reply to a whole message.</param>
internal sealed record AskedMilter(string Name, EndPoint? Address, string? WhenAway, int Connect, int Reply, int End)
{
    /// <summary>A time as <c>90</c>, <c>2s</c> or <c>1m30s</c>, in seconds; null for none.</summary>
    public static int? Seconds(string text)
    {
        const int Most = 1_000_000;
        var (all, number, isOpen) = (0, 0, false);
        foreach (var letter in text.Trim())
        {
            if (char.IsAsciiDigit(letter))
            {
                (number, isOpen) = ((number * 10) + (letter - '0'), true);
                if (number > Most)
                    return null;
                continue;
            }

            var unit = char.ToLowerInvariant(letter) switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, 'w' => 604_800, _ => 0 };
            if (unit == 0 || !isOpen || number > Most / unit)
                return null;
            (all, number, isOpen) = (all + (number * unit), 0, false);
        }

        return text.Trim().Length == 0 ? null : all + number;
    }
}
