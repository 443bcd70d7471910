using System.Globalization;
using System.Net;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// How many guesses a real sendmail answers one host before it is cut off: with the log, with the gate, and with fail2ban.
/// </summary>
internal sealed class GateCommand(Arguments arguments)
{
    private const int FirstAddress = 10, Addresses = 200;

    private readonly Programs _programs = Programs.From(arguments);
    private readonly int _hosts = arguments.Number("hosts", 5);
    private readonly Report _report = new("bench/latency, with the gate");
    private int _used;

    public int Run()
    {
        _report.Line(string.Create(
            CultureInfo.InvariantCulture, $"### Guesses that sendmail answered one host, the most of {_hosts} hosts (and the median)\n"));
        _report.Line("The rule is `--policy=count --max-offenses=3`: four wrong names. "
            + "fail2ban is given a filter that counts every unknown user.\n");
        var gate = MeasureDaemon("unix:/run/blocksmtp/milter.sock", ["--milter=unix:{0}/run/blocksmtp/milter.sock"]);
        var columns = new List<(string Name, double[][] Leaked)> { ("the log", MeasureDaemon("", [])), ("the gate", gate) };
        if (Fail2ban.IsThere)
            columns.Add(
                ("fail2ban", Measure("", (lab, path) => Fail2ban.Start(lab, _programs.PathOf(Path.GetRandomFileName()), log: path))));
        var table = new Table(["", .. columns.Select(column => column.Name)]);
        var budgets = new List<Budget>();
        for (var i = 0; i < Attack.All.Length; i++)
        {
            var row = i;
            table.Add([Attack.All[i].Name, .. columns.Select(column => Show(column.Leaked[row]))]);
            budgets.Add(new($"answers with the gate, the most: {Attack.All[i].Name}", gate[i].Max(), Attack.All[i].Budget, "0"));
        }

        _report.Show(table);
        _report.Show(Table.Of(budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return Budget.ExitCode(budgets);
    }

    private double[][] MeasureDaemon(string milter, string[] options) => Measure(milter, (lab, path) => Daemon.Start(
        path, lab.Inside([
            _programs.Aot,
            $"--mailer-ip={SendmailLab.Server}",
            .. options.Select(option => string.Format(CultureInfo.InvariantCulture, option, lab.State))])));

    /// <summary>Every attack, each from fresh hosts, against a sendmail that somebody guards.</summary>
    private double[][] Measure(string milter, Func<SendmailLab, string, IDisposable> guard)
    {
        using var lab = new SendmailLab(arguments.Text("lab"), arguments.Text("lab-name"), "throttle=0", "tls=1", $"milter={milter}");
        var leaked = new double[Attack.All.Length][];
        using (guard(lab, lab.Log))
            Run(lab, leaked, isLogLate: false);
        using var late = new LateLog(lab.Log, _programs.PathOf("late.log"));
        using (guard(lab, late.Path))
            Run(lab, leaked, isLogLate: true);
        return leaked;
    }

    private void Run(SendmailLab lab, double[][] leaked, bool isLogLate)
    {
        for (var i = 0; i < leaked.Length; i++)
        {
            var attack = Attack.All[i];
            if (attack.IsLogLate == isLogLate)
                leaked[i] = [.. Enumerable.Range(0, _hosts).Select(_ =>
                    (double)attack.Run(lab.Attackers, new IPAddress([203, 0, 113, (byte)(FirstAddress + (_used++ % Addresses))])))];
        }
    }

    private static string Show(double[] leaked) => string.Create(CultureInfo.InvariantCulture, $"{leaked.Max():0} ({leaked.Median():0})");
}
