using System.Globalization;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>What other log-driven blockers take for the same lines: the parts of them that read, without the ones that block.</summary>
internal sealed class Peers(Programs programs, LogRace race)
{
    // fail2ban takes some hundred times as long as grep: the first so many lines tell as much.
    private const int Lines = 50_000;

    private static readonly string[] Directories =
        ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/libexec", "/usr/libexec/sshguard", "/usr/lib/sshguard"];

    public void Run(Report report)
    {
        var path = programs.PathOf("peers.log");
        File.WriteAllLines(path, File.ReadLines(race.Path).Take(Lines));
        var grep = new Contestant("LC_ALL=C grep -c 'User unknown'", "grep", "-c", "User unknown", path);
        List<Contestant> all = [grep, new("blocksmtp replay, NativeAOT", programs.Aot, "replay", "--json", "--policy=count", path)];
        if (Find("sshg-parser") is { } parser)
            all.Add(new("sshg-parser (SSHGuard)", "sh", "-c", "exec \"$0\" <\"$1\"", parser, path));
        if (Find("fail2ban-regex") is { } regex)
            all.Add(new("fail2ban-regex, filter sendmail-reject", regex, path, "sendmail-reject"));
        if (all.Count == 2)
            return;
        Contestant.Race(programs.Measure, programs.PathOf("output"), 3, [.. all]);
        report.Line(string.Create(CultureInfo.InvariantCulture, $"Others, with the first {Lines} lines:\n"));
        report.Show(LogRace.Compare(Lines, grep, [.. all]));
        File.Delete(path);
    }

    private static string? Find(string program) =>
        Directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
