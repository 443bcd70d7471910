using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// How many guesses a host gets answered by a real Postfix and a real Exim: guarded by nobody, by fail2ban, and by blocksmtp.
/// </summary>
internal sealed class OtherLeaksCommand(Arguments arguments)
{
    private const int Hosts = 3;
    private const int Guesses = 40;

    private static readonly (string Name, int Milliseconds, int PerSession)[] Paces =
        [("none: the next after each answer", 0, Leaks.Held), ("50 ms", 50, Leaks.Held), ("50 ms", 50, Leaks.Short)];

    private readonly Programs _programs = Programs.From(arguments);
    private readonly Report _report = new("bench/latency, with Postfix and Exim");
    private readonly List<Budget> _budgets = [];
    private readonly Leaks _leaks = new("", "guarded by", "between guesses");

    public int Run()
    {
        _report.Line("### Guesses that Postfix and Exim answered one host\n");
        var table = _leaks.NewTable();
        foreach (var mailer in new[] { Mailer.Postfix, Mailer.Exim })
        {
            using (var lab = NewLab(mailer))
                Attack(lab, mailer, "nobody", table);
            if (Fail2ban.IsThere)
            {
                using var lab = NewLab(mailer);
                using var fail2ban = Fail2ban.Start(lab, _programs.Directory, NameOf(mailer));
                Attack(lab, mailer, $"fail2ban, its filter {NameOf(mailer)}", table);
            }

            using (var lab = NewLab(mailer))
            using (Daemon.Start(lab.Log, lab.Inside(_programs.Aot, $"--mailer-ip={SendmailLab.Server}")))
                Attack(lab, mailer, "blocksmtp", table, isOurs: true);
        }

        _report.Show(table);
        _report.Show(Table.Of(_budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return Budget.ExitCode(_budgets);
    }

    private SendmailLab NewLab(Mailer mailer) => new(arguments.Text("lab"), arguments.Text("lab-name"), $"mailer={NameOf(mailer)}");

    private static string NameOf(Mailer mailer) => mailer == Mailer.Postfix ? "postfix" : "exim";

    /// <summary>Guesses at every pace, from a fresh host each time.</summary>
    private void Attack(SendmailLab lab, Mailer mailer, string guard, Table table, bool isOurs = false)
    {
        foreach (var (name, milliseconds, perSession) in Paces)
        {
            var leaked = _leaks.Measure(
                lab, Hosts, Guesses, perSession, guesser => guesser.Guess(Guesses, TimeSpan.FromMilliseconds(milliseconds), perSession),
                table, mailer.ToString(), guard, name);
            if (isOurs && milliseconds > 0 && perSession == Leaks.Held)
                _budgets.Add(new($"{mailer}: guesses leaked in one held session, 50 ms apart", leaked.Median(), 4, "0"));
        }
    }
}
