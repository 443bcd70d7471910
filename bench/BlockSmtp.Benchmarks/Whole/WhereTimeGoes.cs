using System.Globalization;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>
/// What a replay's processor time is made of, in grep's: starting, having the kernel copy the file, finding lines and whose they are (of
/// the same log under another program's name), and what is left, reading the mail server's lines and deciding.
/// </summary>
internal sealed class WhereTimeGoes(Programs programs, Report report)
{
    private const int Rounds = 9;

    /// <summary>Measures it for few and for many attack lines.</summary>
    public void Run()
    {
        var table = new Table(
            "of grep's CPU", "starting", "the kernel's copying (cat)", "finding lines and whose they are", "reading and deciding", "all");
        (Mailer Mailer, double AttackShare, int Attackers)[] logs =
        [
            (Mailer.Sendmail, 0.02, 2_000), (Mailer.Sendmail, 0.5, 2_000), (Mailer.Sendmail, 0.5, 20_000), (Mailer.Exim, 0.02, 2_000),
        ];
        foreach (var (mailer, attackShare, attackers) in logs)
        {
            var race = new LogRace(programs, 1, attackShare, mailer, attackers);
            var others = race.Path + ".others";
            Rename(race.Path, others);
            var start = new Contestant("start", programs.Aot, "--version");
            var cat = new Contestant("cat", "sh", "-c", "exec cat \"$0\" >/dev/null", race.Path);
            var nobodys = new Contestant("nobody's", programs.Aot, "replay", "--json", "--policy=count", "--mailer=sendmail", others);
            Contestant.Race(programs.Measure, programs.PathOf("output"), Rounds, race.Grep, start, cat, nobodys, race.Aot);
            table.Add(
                race.Name, Share(start.Cpu), Share(cat.Cpu), Share(nobodys.Cpu - start.Cpu - cat.Cpu),
                Share(race.Aot.Cpu - nobodys.Cpu), Share(race.Aot.Cpu));
            File.Delete(others);
            File.Delete(race.Path);

            string Share(double seconds) => (seconds / race.Grep.Cpu).ToString("0.00", CultureInfo.InvariantCulture);
        }

        report.Line("### What the time is made of\n");
        report.Show(table);
    }

    /// <summary>The same log, as another program would have written it. Exim's is none of sendmail's as it is.</summary>
    private static void Rename(string from, string to)
    {
        using var output = new StreamWriter(to);
        foreach (var line in File.ReadLines(from))
        {
            output.Write(line.Replace(" sm-mta[", " xm-mta[", StringComparison.Ordinal));
            output.Write('\n');
        }
    }
}
