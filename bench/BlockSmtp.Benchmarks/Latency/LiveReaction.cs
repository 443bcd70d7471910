using System.Diagnostics;
using System.Globalization;
using System.Net;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// From the fourth guess of a session that a real sendmail has open to the rule in the kernel. No line names the host: the daemon
/// has to ask the process for its connection.
/// </summary>
internal static class LiveReaction
{
    // So many sessions are open at once: more than one, and few enough that sendmail takes them all.
    private const int Together = 10;
    private const int WarmUps = 5;
    private const int FirstAddress = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(30);

    /// <returns>Milliseconds, one figure a host; NaN for one that was not blocked.</returns>
    public static double[] Measure(Programs programs, Backend backend, SendmailLab lab, int hosts, bool hasHelper)
    {
        // sendmail logs elsewhere: what the daemon reads is written here, so that the moment is known.
        var path = programs.PathOf("live.log");
        File.WriteAllText(path, "");
        using var watch = NetworkNamespace.Make(lab.ServerNamespace, backend.Watch);
        var server = $"--mailer-ip={SendmailLab.Server}";
        var socket = programs.PathOf("sessions.sock");
        using var helper = hasHelper ? SessionsHelper.Start(socket, lab.Inside([programs.Aot, "sessions", server])) : null;
        string[] parted = hasHelper ? [$"--sessions=unix:{socket}"] : [];
        using var daemon = Daemon.Start(path, lab.Inside([programs.Aot, .. backend.Options, server, .. parted]));
        using var log = new LogWriter(path);
        return [.. Enumerable.Range(FirstAddress, WarmUps + hosts)
            .Chunk(Together)
            .SelectMany(numbers => Attack(lab, daemon, log, watch, numbers))
            .Skip(WarmUps)];
    }

    private static double[] Attack(SendmailLab lab, Daemon daemon, LogWriter log, KernelWatch watch, int[] numbers)
    {
        var hosts = numbers.Select(number => new IPAddress([203, 0, 113, (byte)number])).ToArray();
        var sessions = new List<SmtpSession>();
        try
        {
            foreach (var host in hosts)
                sessions.Add(new SmtpSession(lab.Attackers, host));
            var processes = hosts.Select(host => ProcessOf(lab, host)).ToArray();
            return [.. hosts.Select((host, i) => React(daemon, log, watch, host, processes[i]))];
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }

    private static double React(Daemon daemon, LogWriter log, KernelWatch watch, IPAddress host, int process)
    {
        Thread.Sleep(Apart);
        watch.Expect(host);
        var written = log.Guess(process, 4);
        if (watch.Await(host, Patience))
            return Stopwatch.GetElapsedTime(written, watch.SeenAt(host)!.Value).TotalMilliseconds;
        Console.Error.WriteLine($"{host} was not blocked, process {process} '{Title(process)}'; the daemon said: {daemon.Said}");
        return double.NaN;
    }

    /// <summary>
    /// The process that serves a client has it in its title. Only this lab's sendmail counts: another lab has the same clients.
    /// </summary>
    private static int ProcessOf(SendmailLab lab, IPAddress client)
    {
        foreach (var child in File.ReadAllText($"/proc/{lab.Sendmail}/task/{lab.Sendmail}/children").Split(
            ' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var process = int.Parse(child, CultureInfo.InvariantCulture);
            if (Title(process).Contains($"[{client}]", StringComparison.Ordinal))
                return process;
        }

        throw new InvalidOperationException($"no process of the lab's sendmail has {client} in its title");
    }

    private static string Title(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").TrimEnd('\0');
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
