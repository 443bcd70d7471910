using System.Buffers.Text;

namespace BlockSmtp.Processes;

/// <summary>What the kernel tells of a process in /proc/PID: its program, its age and its rest (proc(5)).</summary>
internal static class ProcStatus
{
    private const int ClockBootTime = 7;

    // USER_HZ, the unit of times in /proc: 100 on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    /// <summary>Whether the process is a mail server's: by its program, or by its name where the program can't be seen.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="kind">Which mail server's.</param>
    public static PeerLookupOutcome IsMailer(int processId, out MailerKind kind)
    {
        // Debian's sendmail is /usr/libexec/sendmail/sendmail, Red Hat's /usr/sbin/sendmail.sendmail. After an upgrade " (deleted)"
        // follows the name, which a comparison of its beginning does not mind.
        Span<byte> buffer = stackalloc byte[1024];
        var program = ProcFile.ReadLink(processId, "exe"u8, buffer, out var error);
        if (error == 0 && program.Length < buffer.Length)
        {
            // OpenSMTPD has a smtpd too.
            var isKnown = IsName(program[(program.LastIndexOf((byte)'/') + 1)..], out kind) &&
                (kind != MailerKind.Smtpd || program.IndexOf("/postfix/"u8) >= 0);
            return isKnown ? PeerLookupOutcome.Found : PeerLookupOutcome.NotTheMailer;
        }

        var name = ProcFile.ReadAll(processId, "comm"u8, buffer);
        if (!IsName(name, out kind) || kind == MailerKind.Smtpd)
            return name.IsEmpty ? PeerLookupOutcome.NoProcess : PeerLookupOutcome.NotTheMailer;

        // A zombie has a name but no program any more.
        return error is ProcessCalls.ENOENT or ProcessCalls.ESRCH ? PeerLookupOutcome.NoProcess : PeerLookupOutcome.Found;
    }

    /// <summary>
    /// Whether the name of the process is that of a mail server: cheap, and anyone may see it, but anyone may choose it too.
    /// </summary>
    public static bool IsNamedMailer(int processId)
    {
        Span<byte> buffer = stackalloc byte[16];
        return IsName(ProcFile.ReadAll(processId, "comm"u8, buffer), out _);
    }

    private static bool IsName(ReadOnlySpan<byte> name, out MailerKind kind)
    {
        kind = name.StartsWith("exim"u8) ? MailerKind.Exim : name.StartsWith("smtpd"u8) ? MailerKind.Smtpd : MailerKind.Sendmail;
        return kind != MailerKind.Sendmail || name.StartsWith("sendmail"u8);
    }

    /// <summary>
    /// Whether the process is in our own network namespace (network_namespaces(7)): the mail server of a container is none of our
    /// business, and our firewall none of its. True also where the kernel does not let us see.
    /// </summary>
    public static bool SharesNetwork(int processId)
    {
        Span<byte> buffer = stackalloc byte[128];
        var theirs = ProcFile.ReadLink(processId, "ns/net"u8, buffer[..64], out var error);
        var ours = ProcFile.ReadLink(Environment.ProcessId, "ns/net"u8, buffer[64..], out var ourError);
        return error != 0 || ourError != 0 || theirs.SequenceEqual(ours);
    }

    /// <summary>
    /// When the process started, in ticks since the boot; null when it is gone. With the number it names a process for ever.
    /// </summary>
    public static ulong? StartTicks(int processId)
    {
        Span<byte> buffer = stackalloc byte[1024];
        return ParseStartTicks(ProcFile.ReadAll(processId, "stat"u8, buffer));
    }

    /// <summary>Takes field 22 of a /proc/PID/stat. The second field is the name in parentheses and may have any character.</summary>
    public static ulong? ParseStartTicks(ReadOnlySpan<byte> stat)
    {
        stat = stat[(stat.LastIndexOf((byte)')') + 1)..];
        for (var field = 3; field <= 22; field++)
        {
            var space = stat.IndexOf((byte)' ');
            if (space < 0)
                return null;
            stat = stat[(space + 1)..];
        }

        return Utf8Parser.TryParse(stat, out ulong ticks, out _) ? ticks : null;
    }

    /// <summary>The time of day that <see cref="StartTicks"/> stands for.</summary>
    public static DateTimeOffset ToTime(ulong startTicks, DateTimeOffset now)
    {
        // The age is reckoned on the clock that the kernel stamped the process with, which goes on in a suspended machine.
        var age = SinceBoot() - TimeSpan.FromTicks((long)startTicks * (TimeSpan.TicksPerSecond / TicksPerSecond));
        return now - age;
    }

    /// <summary>
    /// How often a process that is asleep has gone to sleep by itself; null when it is awake or gone. The number does not
    /// change while the process waits.
    /// </summary>
    public static long? VoluntarySwitches(int processId)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var status = ProcFile.ReadAll(processId, "status"u8, buffer);
        if (status.IndexOf("\nState:\tS"u8) < 0)
            return null;
        var at = status.IndexOf("\nvoluntary_ctxt_switches:\t"u8);
        return at >= 0 && Utf8Parser.TryParse(status[(at + "\nvoluntary_ctxt_switches:\t"u8.Length)..], out long switches, out _)
            ? switches
            : null;
    }

    private static unsafe TimeSpan SinceBoot()
    {
        ProcessCalls.TimeSpec time = default;
        _ = ProcessCalls.GetClock(ClockBootTime, &time);
        return TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
    }
}
