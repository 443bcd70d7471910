using System.Globalization;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// How soon a line is read: from a file, from the journal by us, and by <c>journalctl --follow</c>. Called where <c>/run</c> is a folder of
/// its own with a journald for nobody else.
/// </summary>
internal sealed class JournalCommand(Arguments arguments)
{
    private const int MostGuesses = 100;
    private const int Blocked = 4;
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly int _guessers = arguments.Number("guessers", 15);
    private readonly Report _report = new("bench/latency, through the journal");

    public int Run()
    {
        using var log = new SyslogSocket(arguments.Text("socket"));
        using var file = LineFollower.OfFile(Path.Combine(arguments.Text("directory"), "maillog"), out var maillog);
        using var journal = LineFollower.OfJournal();
        using var journalctl = LineFollower.OfJournalctl();
        LineFollower[] followers = [file, journal, journalctl];
        var budgets = new List<Budget>();
        _report.Line($"### Guesses that were logged until the fourth was read, {Apart.TotalMilliseconds:0} ms apart\n");
        _report.Line("Whoever reads the fourth can block. Of a mail server that has logged nothing for two seconds, "
            + "and of one that logs ten other lines a second.\n");
        var table = new Table("", "log", "median", "max", "fourth line logged -> read, median, ms", "max, ms");
        foreach (var isBusy in (bool[])[false, true])
        {
            var (leaked, late) = Measure(followers, log, maillog, isBusy);
            var name = isBusy ? "busy" : "quiet";
            for (var i = 0; i < followers.Length; i++)
            {
                table.Add(
                    name, followers[i].Name, Show(leaked[i].Median(), "0"), Show(leaked[i].Max(), "0"),
                    Show(late[i].Median(), "0.0"), Show(late[i].Max(), "0.0"));
            }

            budgets.Add(
                new($"the journal instead of a file, {name}: guesses logged until the fourth was read", leaked[1].Median(), 5, "0"));
        }

        _report.Show(table);
        _report.Show(Table.Of(budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return Budget.ExitCode(budgets);
    }

    /// <summary>Lets hosts guess one after the other, each until all have read its fourth guess.</summary>
    private (double[][] Leaked, double[][] Late) Measure(LineFollower[] followers, SyslogSocket log, StreamWriter maillog, bool isBusy)
    {
        var leaked = followers.Select(_ => new double[_guessers]).ToArray();
        var late = followers.Select(_ => new double[_guessers]).ToArray();
        for (var guesser = 0; guesser < _guessers; guesser++)
        {
            for (var rest = Quiet; rest > TimeSpan.Zero; rest -= 10 * Apart)
            {
                if (isBusy)
                    Write("5AUB0000000000: to=<anna@example.org>, delay=00:00:00, mailer=local, dsn=2.0.0, stat=Sent");
                Thread.Sleep(10 * Apart);
            }

            var fourth = $"name3-{(isBusy ? "busy" : "quiet")}-{guesser}@example.org";
            foreach (var follower in followers)
                follower.LookFor(fourth);
            long writtenAt = 0;
            var isOver = false;
            for (var guess = 1; guess <= MostGuesses && !isOver; guess++)
            {
                if (guess == Blocked)
                    writtenAt = System.Diagnostics.Stopwatch.GetTimestamp();
                Write($"5AUBTHVM013974: <{(guess == Blocked ? fourth : $"name{guess - 1}-{guesser}@example.org")}>... User unknown");
                Thread.Sleep(Apart);
                isOver = true;
                for (var i = 0; i < followers.Length; i++)
                {
                    if (followers[i].SeenAt is not { } seenAt)
                        isOver = false;
                    else if (leaked[i][guesser] == 0)
                        (leaked[i][guesser], late[i][guesser]) = (
                            guess, (seenAt - writtenAt) * 1000.0 / System.Diagnostics.Stopwatch.Frequency);
                }
            }

            if (!isOver)
                throw new InvalidOperationException($"a line of {MostGuesses} was not read: "
                    + $"{string.Join(", ", followers.Where(one => one.SeenAt is null).Select(one => one.Name))}");
        }

        return (leaked, late);

        void Write(string message)
        {
            log.Write($"<22>sm-mta[{Environment.ProcessId}]: {message}");
            maillog.Write(
                string.Create(CultureInfo.InvariantCulture, $"Nov 29 18:00:00 mail1 sm-mta[{Environment.ProcessId}]: {message}\n"));
            maillog.Flush();
        }
    }

    private static string Show(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
