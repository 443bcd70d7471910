using System.Globalization;
using System.Net;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>How many guesses a host gets answered by a real sendmail before it is cut off.</summary>
internal sealed class LeakCommand(Arguments arguments)
{
    private const int Held = int.MaxValue;
    private const int AtOnce = -1;

    // What comes back soon enough, again and again, stays below what a limit for each session sees.
    private const int Short = 2;

    private static readonly (string Name, int Milliseconds, int Guesses, int Hosts)[] Paces =
    [
        ("none: all sent at once", AtOnce, 100, 5), ("none: the next after each answer", 0, 100, 5), ("10 ms", 10, 100, 5), ("50 ms", 50, 40, 5), ("1 s", 1000, 12, 3),
    ];

    private readonly Programs _programs = Programs.From(arguments);
    private readonly Report _report = new("bench/latency, with sendmail");
    private readonly List<Budget> _budgets = [];
    private int _hosts;

    public int Run()
    {
        _report.Line("### Guesses that sendmail answered one host\n");
        var table = NewTable();
        foreach (var throttle in new[] { 0, 3 })
        {
            using var lab = NewLab(throttle);
            using var daemon = Daemon.Start(lab.Log, lab.Inside(_programs.Aot, $"--mailer-ip={SendmailLab.Server}"));
            Attack(lab, throttle, table, _budgets);
        }

        _report.Show(table);
        if (Fail2ban.IsThere)
            CompareWithFail2ban();
        _report.Show(Table.Of(_budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return Budget.ExitCode(_budgets);
    }

    /// <summary>The same attack against a sendmail that fail2ban guards; what it needs is logged with and without throttle alike.</summary>
    private void CompareWithFail2ban()
    {
        _report.Line("The same with fail2ban, given a filter that counts every unknown user, in place of blocksmtp:\n");
        var table = NewTable();
        using (var lab = NewLab(0))
        using (Fail2ban.Start(lab, _programs.Directory))
            Attack(lab, 0, table, null);
        _report.Show(table);
    }

    private static Table NewTable() => new("between guesses", "throttle", "session", "of", "median", "max", "all");

    private SendmailLab NewLab(int throttle) =>
        new(arguments.Text("lab"), arguments.Text("lab-name"), string.Create(CultureInfo.InvariantCulture, $"throttle={throttle}"));

    /// <summary>Guesses at every pace, from a fresh host each time.</summary>
    private void Attack(SendmailLab lab, int throttle, Table table, List<Budget>? budgets)
    {
        foreach (var (name, milliseconds, guesses, hosts) in Paces)
        {
            foreach (var perSession in milliseconds == AtOnce ? [Held] : new[] { Held, Short })
            {
                var leaked = new double[hosts];
                for (var i = 0; i < hosts; i++)
                {
                    var guesser = new Guesser(lab.Attackers, new IPAddress([203, 0, 113, (byte)(10 + (_hosts++ % 200))]));
                    leaked[i] = milliseconds == AtOnce
                        ? guesser.GuessAtOnce(guesses)
                        : guesser.Guess(guesses, TimeSpan.FromMilliseconds(milliseconds), perSession);
                }

                table.Add(
                    name, throttle == 0 ? "off" : "on", perSession == Held ? "one, held" : $"new after {Short}",
                    Show(guesses), Show(leaked.Median()), Show(leaked.Max()), string.Join(' ', leaked.Select(Show)));
                if (throttle == 0 && milliseconds == 50 && perSession == Held)
                    budgets?.Add(new("guesses leaked in one held session, 50 ms apart", leaked.Median(), 4, "0"));
            }
        }
    }

    private static string Show(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
