using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Tells the service manager how the daemon fares: sd_notify(3), which is a datagram and needs no library. Says
/// nothing where nobody asked for it.
/// </summary>
internal sealed class ServiceNotice : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;

    /// <param name="environment">Where the manager says what it wants to hear.</param>
    public ServiceNotice(Func<string, string?> environment)
    {
        WatchdogInterval = IntervalOf(environment);
        if (environment("NOTIFY_SOCKET") is not { Length: > 1 } path || path[0] is not ('/' or '@'))
            return;
        // An abstract name (unix(7)) is written with an at sign for its NUL.
        _manager = new UnixDomainSocketEndPoint(path[0] == '@' ? string.Concat("\0", path.AsSpan(1)) : path);
        // A manager that hangs must not hang us.
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    }

    /// <summary>How long the manager waits for a sign of life before it ends the daemon; null for as long as it takes.</summary>
    public TimeSpan? WatchdogInterval { get; }

    public bool IsWanted => _socket is not null;

    public static ServiceNotice FromEnvironment()
    {
        var notice = new ServiceNotice(Environment.GetEnvironmentVariable);
        // iptables and others that are started have nothing to tell.
        foreach (var name in new[] { "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID" })
            Environment.SetEnvironmentVariable(name, null);
        return notice;
    }

    /// <summary>At work, also after a reload.</summary>
    public void Ready() => Send("READY=1");

    public void Reloading() =>
        Send(FormattableString.Invariant($"RELOADING=1\nMONOTONIC_USEC={(long)Stopwatch.GetElapsedTime(0).TotalMicroseconds}"));

    public void Stopping() => Send("STOPPING=1\nSTATUS=stopping");

    public void Alive() => Send("WATCHDOG=1");

    /// <summary>Not ready yet, and not to be given up for so long (systemd 236 and later).</summary>
    public void TakesLonger(TimeSpan time) => Send(FormattableString.Invariant($"EXTEND_TIMEOUT_USEC={(long)time.TotalMicroseconds}"));

    /// <summary>A line for <c>systemctl status</c>.</summary>
    public void Status(string line) => Send("STATUS=" + line);

    public void Dispose() => _socket?.Dispose();

    /// <summary>As sd_watchdog_enabled(3): meant for this process only if the process number says so.</summary>
    private static TimeSpan? IntervalOf(Func<string, string?> environment)
    {
        var isOurs = environment("WATCHDOG_PID") is not { Length: > 0 } pid
            || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isOurs && long.TryParse(environment("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private void Send(string state)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(state), _manager!);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }
}
