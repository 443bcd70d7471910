using System.Globalization;
using System.Net;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>How many guesses a host gets answered by a real Postfix and a real Exim: guarded by nobody, by fail2ban, and by blocksmtp.</summary>
internal sealed class OtherLeaksCommand(Arguments arguments)
{
    private const int Held = int.MaxValue;

    // Below the limits that Postfix itself has for a session: delays from ten mistakes on, and none answered after twenty.
    private const int Short = 2;
    private const int Hosts = 3;
    private const int Guesses = 40;

    private static readonly (string Name, int Milliseconds, int PerSession)[] Paces =
        [("none: the next after each answer", 0, Held), ("50 ms", 50, Held), ("50 ms", 50, Short)];

    private readonly Programs _programs = Programs.From(arguments);
    private readonly Report _report = new("bench/latency, with Postfix and Exim");
    private readonly List<Budget> _budgets = [];
    private int _hosts;

    public int Run()
    {
        _report.Line("### Guesses that Postfix and Exim answered one host\n");
        var table = new Table("", "guarded by", "between guesses", "session", "of", "median", "max", "all");
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
            var leaked = new double[Hosts];
            for (var i = 0; i < Hosts; i++)
            {
                var guesser = new Guesser(lab.Attackers, new IPAddress([203, 0, 113, (byte)(10 + (_hosts++ % 200))]));
                leaked[i] = guesser.Guess(Guesses, TimeSpan.FromMilliseconds(milliseconds), perSession);
            }

            table.Add(
                mailer.ToString(), guard, name, perSession == Held ? "one, held" : $"new after {Short}", Show(Guesses),
                Show(leaked.Median()), Show(leaked.Max()), string.Join(' ', leaked.Select(Show)));
            if (isOurs && milliseconds > 0 && perSession == Held)
                _budgets.Add(new($"{mailer}: guesses leaked in one held session, 50 ms apart", leaked.Median(), 4, "0"));
        }
    }

    private static string Show(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
