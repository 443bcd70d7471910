using System.Diagnostics;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// fail2ban beside the same sendmail, as well set up as it can be: its stock filter knows few unknown users, so it is given one that counts
/// each line and takes the host from the end of the transaction.
/// </summary>
internal sealed class Fail2ban : IDisposable
{
    private const string Server = "/usr/bin/fail2ban-server";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Fail2ban(Process process) => _process = process;

    /// <summary>Whether it is installed.</summary>
    public static bool IsThere => File.Exists(Server);

    /// <summary>Starts it and waits until it watches.</summary>
    /// <param name="lab">Where sendmail runs.</param>
    /// <param name="folder">A folder for its configuration, its log and its database, which somebody else removes.</param>
    /// <param name="filter">One of its own filters in place of that.</param>
    /// <param name="log">The log that it watches; null for the lab's.</param>
    public static Fail2ban Start(SendmailLab lab, string folder, string filter = "unknown-user", string? log = null)
    {
        var configuration = Path.Combine(folder, $"fail2ban-{filter}");
        Copy("/etc/fail2ban", configuration);
        // What a distribution has switched on would need other logs.
        foreach (var file in Directory.GetFiles(Path.Combine(configuration, "jail.d")))
            File.Delete(file);
        File.WriteAllText(Path.Combine(configuration, "filter.d", "unknown-user.conf"), """
            [INCLUDES]
            before = sendmail-reject.conf
            [Definition]
            cmnfailre = ^<[^>]*>\.\.\. User unknown$
                        ^<F-NOFAIL>from=<[^>]*></F-NOFAIL>, .*, relay=(?:\S+ )?\[%(addr)s\](?: \(may be forged\))?$
            """);
        File.WriteAllText(Path.Combine(configuration, "jail.local"), $"""
            [unknown-user]
            enabled = true
            filter = {filter}
            logpath = {log ?? lab.Log}
            backend = auto
            port = smtp
            maxretry = 4
            findtime = 1d
            bantime = 3h
            """);
        // In the usual one are the bans of the last time, which it would put in force again.
        File.WriteAllText(Path.Combine(configuration, "fail2ban.local"), $"""
            [Definition]
            dbfile = {Path.Combine(configuration, "database")}
            """);
        var own = Path.Combine(configuration, "log");
        var command = lab.Inside(
            Server, "-f", "-c", configuration, "-s", Path.Combine(configuration, "socket"), "-p", Path.Combine(configuration, "pid"),
            "--logtarget", own, "--loglevel", "INFO", "start");
        var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var fail2ban = new Fail2ban(process);
        var clock = Stopwatch.StartNew();
        while (!File.Exists(own) || !File.ReadAllText(own).Contains("Jail 'unknown-user' started", StringComparison.Ordinal))
        {
            if (process.HasExited || clock.Elapsed > StartTime)
            {
                fail2ban.Dispose();
                throw new InvalidOperationException(
                    $"fail2ban does not start: {(File.Exists(own) ? File.ReadAllText(own) : process.StandardError.ReadToEnd())}");
            }

            Thread.Sleep(50);
        }

        return fail2ban;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        foreach (var folder in Directory.GetDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
