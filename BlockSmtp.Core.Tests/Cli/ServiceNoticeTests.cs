using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>What the daemon tells the service manager, as that hears it. With a real systemd: the tests of the package.</summary>
public sealed class ServiceNoticeTests
{
    [Test]
    public async Task The_daemon_tells_when_it_is_ready_alive_reloading_and_stopping()
    {
        using var folder = new TemporaryFolder();
        using var manager = Listen(folder["notify"]);
        var start = new ProcessStartInfo(
            Tool.Path, ["--dry-run", "--syslog-msgs-file=" + folder.Write("mail.log", "")])
        {
            RedirectStandardError = true,
        };
        start.Environment["NOTIFY_SOCKET"] = folder["notify"];
        start.Environment["WATCHDOG_USEC"] = "300000";
        using var daemon = Process.Start(start)!;
        try
        {
            daemon.ErrorDataReceived += static (_, _) => { };
            daemon.BeginErrorReadLine();
            (await NextAsync(manager)).Should().Be("READY=1");
            (await NextAsync(manager)).Should().Be("WATCHDOG=1");
            (await NextAsync(manager)).Should().Be("STATUS=0 blocked now, 0 since the start; 0 wrong guesses in 0 lines");
            (await NextAsync(manager)).Should().Be("WATCHDOG=1", "it goes on by itself");

            Command.Run("kill", "-HUP", $"{daemon.Id}");
            (await UntilAsync(manager, "RELOADING=1")).Should().MatchRegex("^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*$");
            await UntilAsync(manager, "READY=1");

            Command.Run("kill", "-TERM", $"{daemon.Id}");
            await UntilAsync(manager, "STOPPING=1");
            await daemon.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            daemon.ExitCode.Should().Be(0);
        }
        finally
        {
            if (!daemon.HasExited)
                daemon.Kill();
        }
    }

    [Test]
    public async Task A_manager_may_listen_under_an_abstract_name()
    {
        var name = $"blocksmtp-test-{Environment.ProcessId}";
        using var manager = Listen("\0" + name);
        using var notice = Notice(("NOTIFY_SOCKET", "@" + name));
        notice.Status("é");
        (await NextAsync(manager)).Should().Be("STATUS=é");
    }

    [Test]
    public void Without_a_manager_nothing_is_said_and_one_that_is_gone_does_no_harm()
    {
        using var silent = Notice();
        silent.IsWanted.Should().BeFalse();
        silent.Ready();
        using var alone = Notice(("NOTIFY_SOCKET", "/nonexistent/notify"));
        alone.IsWanted.Should().BeTrue();
        alone.Ready();
    }

    [Test]
    public void A_manager_that_does_not_read_does_not_stop_the_daemon()
    {
        using var folder = new TemporaryFolder();
        using var manager = Listen(folder["notify"]);
        using var notice = Notice(("NOTIFY_SOCKET", folder["notify"]));
        // Far more than a socket takes.
        for (var i = 0; i < 10_000; i++)
            notice.Status(new string('x', 100));
        manager.Available.Should().BePositive();
    }

    [TestCase("120000000", null, 120.0)]
    [TestCase("120000000", "self", 120.0)]
    [TestCase("120000000", "1", null)]
    [TestCase("0", null, null)]
    [TestCase("soon", null, null)]
    [TestCase(null, null, null)]
    public void The_watchdog_counts_if_it_is_meant_for_this_process(string? microseconds, string? pid, double? seconds)
    {
        using var notice = Notice(("WATCHDOG_USEC", microseconds), ("WATCHDOG_PID", pid == "self" ? $"{Environment.ProcessId}" : pid));
        notice.WatchdogInterval.Should().Be(seconds is { } value ? TimeSpan.FromSeconds(value) : null);
    }

    private static ServiceNotice Notice(params (string Name, string? Value)[] environment) =>
        new(name => environment.FirstOrDefault(pair => pair.Name == name).Value);

    private static Socket Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(name));
        return socket;
    }

    private static async Task<string> NextAsync(Socket manager)
    {
        using var patience = Patience();
        return await NextAsync(manager, patience.Token);
    }

    private static async Task<string> UntilAsync(Socket manager, string beginning)
    {
        // In all: the watchdog goes on.
        using var patience = Patience();
        while (true)
        {
            var state = await NextAsync(manager, patience.Token);
            if (state.StartsWith(beginning, StringComparison.Ordinal))
                return state;
        }
    }

    private static async Task<string> NextAsync(Socket manager, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await manager.ReceiveAsync(buffer, cancellationToken));
    }

    private static CancellationTokenSource Patience() => new(TimeSpan.FromSeconds(60));
}
