using System.Diagnostics;
using System.Net;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>From the line being written to the rule being in the kernel.</summary>
/// <param name="Milliseconds">One figure a block, in order; NaN for one that did not come.</param>
/// <param name="MebibytesBefore">What the daemon had resident before.</param>
/// <param name="MebibytesAfter">And after.</param>
/// <param name="DaemonCpuSeconds">Processor time of the daemon, without iptables and its like.</param>
internal sealed record Reaction(double[] Milliseconds, double MebibytesBefore, double MebibytesAfter, double DaemonCpuSeconds)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public int Missing => Milliseconds.Count(double.IsNaN);

    public IEnumerable<double> Seen => Milliseconds.Where(double.IsFinite);

    /// <summary>One host after the other guesses four times.</summary>
    public static Reaction Spaced(Programs programs, Backend backend, int blocks, TimeSpan apart)
    {
        return Watch(programs, backend, 1, (log, watch, _) =>
        {
            var figures = new double[blocks];
            for (var i = 0; i < blocks; i++)
            {
                var (host, start) = (HostOf(i), Stopwatch.GetTimestamp());
                watch.Expect(host);
                var written = log.Guess(host, 4);
                watch.Await(host, Patience);
                figures[i] = After(watch, host, written);
                if (apart - Stopwatch.GetElapsedTime(start) is var rest && rest > TimeSpan.Zero)
                    Thread.Sleep(rest);
            }

            return figures;
        })[0];
    }

    /// <summary>
    /// Very many lines of some hundred hosts, of which one after the other joins in until the end; then the same again for the same daemon,
    /// of other hosts each time.
    /// </summary>
    public static Reaction[] Floods(Programs programs, Backend backend, int floods, int hosts, int guessesPerSecond, TimeSpan time)
    {
        return Watch(programs, backend, floods, (log, watch, flood) =>
        {
            const int Guesses = 4;
            var (first, transactions) = (flood * hosts, (int)(guessesPerSecond * time.TotalSeconds) / Guesses);
            var (written, start, joined) = (new long[hosts], Stopwatch.GetTimestamp(), 0);
            for (var i = 0; i < transactions;)
            {
                var due = Math.Min(transactions, (int)(Stopwatch.GetElapsedTime(start) / time * transactions) + 1);
                for (; i < due; i++)
                {
                    var host = (long)i * hosts / transactions >= joined ? joined++ : i * 7919 % joined;
                    log.Collect(HostOf(first + host), Guesses);
                    if (written[host] == 0)
                    {
                        watch.Expect(HostOf(first + host));
                        written[host] = Stopwatch.GetTimestamp();
                    }
                }

                log.Flush();
                Thread.Sleep(1);
            }

            for (var host = 0; host < hosts; host++)
                watch.Await(HostOf(first + host), Patience);
            return [.. written.Select((time, host) => After(watch, HostOf(first + host), time))];
        });
    }

    private static Reaction[] Watch(Programs programs, Backend backend, int attacks, Func<LogWriter, KernelWatch, int, double[]> attack)
    {
        var path = programs.PathOf("live.log");
        File.WriteAllText(path, "");
        using var watch = backend.Watch();
        using var daemon = Daemon.Start(path, [programs.Aot, .. backend.Options, "--mailer-ip=192.0.2.25"]);
        using var log = new LogWriter(path);
        // The first run of anything is slower: caches, files, pages.
        for (var i = 0; i < 5; i++)
        {
            var host = new IPAddress([198, 19, 255, (byte)i]);
            log.Guess(host, 4);
            watch.Await(host, Patience);
        }

        var reactions = new Reaction[attacks];
        for (var i = 0; i < attacks; i++)
        {
            var (before, cpu) = (daemon.ResidentMebibytes, daemon.CpuSeconds);
            var figures = attack(log, watch, i);
            reactions[i] = new Reaction(figures, before, daemon.ResidentMebibytes, daemon.CpuSeconds - cpu);
        }

        return reactions;
    }

    private static IPAddress HostOf(int number) => new([198, 18, (byte)(number >> 8), (byte)number]);

    private static double After(KernelWatch watch, IPAddress host, long written) =>
        watch.SeenAt(host) is { } seen ? Stopwatch.GetElapsedTime(written, seen).TotalMilliseconds : double.NaN;
}
