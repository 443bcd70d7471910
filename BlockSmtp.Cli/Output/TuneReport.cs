
namespace BlockSmtp.Cli.Output;

/// <summary>Writes what tuning has found, for a person to read.</summary>
internal static class TuneReport
{
    public static void Write(TextWriter output, IReadOnlyList<TuneRow> rows, TuneRow best, IFormatProvider format)
    {
        output.WriteLine(string.Create(format, $"{best.Offenses:N0} wrong guesses, mail delivered to {best.Recipients:N0} recipients"));
        output.WriteLine();
        output.WriteLine("rule     limit  hosts blocked  of them senders  recipients held up  of 10,000  guesses answered");
        foreach (var row in rows)
        {
            output.WriteLine(string.Create(format,
                $"{(row.Policy.IsBalance ? "balance" : "count"),-7}  {row.Policy.Count.MaxOffenses,5}  {row.Blocked,13:N0}  "
                    + $"{row.Senders,15:N0}  {row.HeldUp,18:N0}  {row.Harm,9:0.0}  {row.Answered,16:N0}{(row == best ? "  <" : "")}"));
        }

        output.WriteLine();
        output.WriteLine(string.Create(format,
            $"The one marked < costs least, if mail that is held up weighs ten times as much as guesses that are answered "
                + $"({best.Answered:N0} of {best.Offenses:N0})."));
        output.WriteLine(string.Create(format,
            $"It would have blocked {best.Blocked:N0} host{(best.Blocked == 1 ? "" : "s")}, {best.Senders:N0} of which have delivered "
                + $"mail, and held up mail for {best.HeldUp:N0} of {best.Recipients:N0} recipients."));
        if (best.Recipients == 0)
            output.WriteLine("No mail was delivered in these logs, so they do not tell what a block costs: take those of some usual days.");
        output.WriteLine();
        output.WriteLine("For the configuration (/etc/blocksmtp/blocksmtp.conf):");
        output.WriteLine($"policy={(best.Policy.IsBalance ? "balance" : "count")}");
        output.WriteLine(string.Create(format, $"max-offenses={best.Policy.Count.MaxOffenses}"));
    }
}
