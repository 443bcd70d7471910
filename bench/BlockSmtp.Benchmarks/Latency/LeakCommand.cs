using System.Globalization;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>How many guesses a host gets answered by a real sendmail before it is cut off.</summary>
internal sealed class LeakCommand(Arguments arguments)
{
    private const int AtOnce = -1;

    private static readonly (string Name, int Milliseconds, int Guesses, int Hosts)[] Paces =
    [
        ("none: all sent at once", AtOnce, 100, 5), ("none: the next after each answer", 0, 100, 5), ("10 ms", 10, 100, 5),
        ("50 ms", 50, 40, 5), ("1 s", 1000, 12, 3),
    ];

    private readonly Programs _programs = Programs.From(arguments);
    private readonly Report _report = new("bench/latency, with sendmail");
    private readonly List<Budget> _budgets = [];
    private readonly Leaks _leaks = new("between guesses", "throttle");

    public int Run()
    {
        _report.Line("### Guesses that sendmail answered one host\n");
        var table = _leaks.NewTable();
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
        var table = _leaks.NewTable();
        using (var lab = NewLab(0))
        using (Fail2ban.Start(lab, _programs.Directory))
            Attack(lab, 0, table, null);
        _report.Show(table);
    }

    private SendmailLab NewLab(int throttle) =>
        new(arguments.Text("lab"), arguments.Text("lab-name"), string.Create(CultureInfo.InvariantCulture, $"throttle={throttle}"));

    /// <summary>Guesses at every pace, from a fresh host each time.</summary>
    private void Attack(SendmailLab lab, int throttle, Table table, List<Budget>? budgets)
    {
        foreach (var (name, milliseconds, guesses, hosts) in Paces)
        {
            foreach (var perSession in milliseconds == AtOnce ? [Leaks.Held] : new[] { Leaks.Held, Leaks.Short })
            {
                var leaked = _leaks.Measure(
                    lab, hosts, guesses, perSession,
                    guesser => milliseconds == AtOnce
                        ? guesser.GuessAtOnce(guesses)
                        : guesser.Guess(guesses, TimeSpan.FromMilliseconds(milliseconds), perSession),
                    table, name, throttle == 0 ? "off" : "on");
                if (throttle == 0 && milliseconds == 50 && perSession == Leaks.Held)
                    budgets?.Add(new("guesses leaked in one held session, 50 ms apart", leaked.Median(), 4, "0"));
            }
        }
    }
}
