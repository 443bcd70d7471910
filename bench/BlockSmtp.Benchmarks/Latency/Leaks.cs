using System.Globalization;
using System.Net;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// What hosts that guess get answered by a mail server in a lab, each of them one that it has never seen, and how that is shown.
/// </summary>
/// <param name="labels">The headings of the columns that say what was measured.</param>
internal sealed class Leaks(params string[] labels)
{
    /// <summary>All guesses of a host in one session.</summary>
    public const int Held = int.MaxValue;

    /// <summary>
    /// What comes back soon enough, again and again, stays below what a limit for each session sees: Postfix's delays begin at ten
    /// mistakes.
    /// </summary>
    public const int Short = 2;

    private int _hosts;

    public Table NewTable() => new([.. labels, "session", "of", "median", "max", "all"]);

    /// <summary>Has so many hosts guess, one after the other, and shows what each was told.</summary>
    /// <returns>How often each was told that a name is unknown.</returns>
    public double[] Measure(
        SendmailLab lab, int hosts, int guesses, int perSession, Func<Guesser, int> guess, Table table, params string[] labelled)
    {
        var leaked = new double[hosts];
        for (var i = 0; i < hosts; i++)
            leaked[i] = guess(new Guesser(lab.Attackers, new IPAddress([203, 0, 113, (byte)(10 + (_hosts++ % 200))])));
        table.Add([
            .. labelled, perSession == Held ? "one, held" : $"new after {Short}", Show(guesses), Show(leaked.Median()), Show(leaked.Max()),
            string.Join(' ', leaked.Select(Show))]);
        return leaked;
    }

    private static string Show(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
