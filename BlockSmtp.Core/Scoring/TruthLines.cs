using System.Globalization;
using System.Net;

namespace BlockSmtp.Scoring;

/// <summary>Reads what stands beside a log: what was asked of the mail server, and whom somebody has banned.</summary>
internal static class TruthLines
{
    /// <summary>
    /// Reads transactions, one a line, with tabs between: queue id, address, session, start, end (seconds since 1970), 1 for a null sender,
    /// size of the message (0 where none was
    /// taken), and the recipients with commas between, each as <c>time:name:1</c> (0 for one that does not exist).
    /// </summary>
    /// <param name="text">The lines.</param>
    /// <returns>The transactions.</returns>
    /// <exception cref="TruthFileException">A line is none.</exception>
    public static IReadOnlyList<ScoredTransaction> ReadTransactions(TextReader text)
    {
        List<ScoredTransaction> transactions = [];
        Read(text, line =>
        {
            var fields = line.Split('\t');
            if (fields.Length != 8)
                throw new FormatException("a transaction has eight fields with tabs between");
            var recipients = fields[7].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(recipient =>
            {
                var (first, last) = (recipient.IndexOf(':'), recipient.LastIndexOf(':'));
                return first < 0 || first == last
                    ? throw new FormatException($"'{recipient}' is not a recipient such as 1793577760.28:joe:1")
                    : new ScoredRecipient(Seconds(recipient[..first]), ScoredRecipient.KeyOf(recipient.AsSpan()[(first + 1)..last]),
                        recipient[(last + 1)..] == "1");
            });
            transactions.Add(
                new ScoredTransaction(NetworkOf(fields[1]).BaseAddress, Seconds(fields[3]), Seconds(fields[4]), fields[6] != "0",
                [.. recipients]));
        });
        return transactions;
    }

    /// <summary>
    /// Reads bans, one a line: the time of it (ISO 8601; UTC where no zone is named), an address or network, and, if it ended, until when.
    /// What is behind a # is a comment.
    /// </summary>
    /// <param name="text">The lines.</param>
    /// <returns>The bans.</returns>
    /// <exception cref="TruthFileException">A line is none.</exception>
    public static IReadOnlyList<BlockSpan> ReadBans(TextReader text)
    {
        List<BlockSpan> bans = [];
        Read(text, line =>
        {
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                return;
            if (words.Length is not (2 or 3))
                throw new FormatException(
                    "a ban is a time, an address and, if it ended, a time, as in 2026-11-23T18:00:05Z 192.0.2.1 2026-11-23T21:00:05Z");
            bans.Add(new BlockSpan(NetworkOf(words[1]), Time(words[0]), words.Length > 2 ? Time(words[2]) : DateTimeOffset.MaxValue));
        });
        return bans;
    }

    internal static IPNetwork NetworkOf(string? text) =>
        NetworkText.TryParse(text, out var network) ? network
            : throw new FormatException($"'{text}' is not an address such as 192.0.2.1 or 2001:db8::1");

    internal static void Read(TextReader text, Action<string> take)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                take(line);
            }
            catch (FormatException e)
            {
                throw new TruthFileException(number, e.Message);
            }
        }
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            ? time
            : throw new FormatException($"'{text}' is not a time such as 2026-11-23T18:00:05Z");

    private static DateTimeOffset Seconds(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and < 100_000_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new FormatException($"'{text}' are not seconds since 1970");
}
