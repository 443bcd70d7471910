using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;
using BlockSmtp.Tests.Milter;

namespace BlockSmtp.Tests.Cli;

/// <summary>A socket that a service manager has opened outlasts the daemon. With a real systemd: the tests of the package.</summary>
public sealed class HandedSocketTests
{
    // As systemd does it: one socket, handed to one daemon after the other, each of which is started by a line and ended by the next.
    private const string Manager = """
        use Socket;
        use POSIX qw(dup2);
        my ($path, @command) = @ARGV;
        socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or die;
        bind($socket, sockaddr_un($path)) or die "$path: $!";
        listen($socket, 100) or die;
        $| = 1;
        print "listening\n";
        while (<STDIN>) {
          my $child = fork;
          if ($child == 0) {
            $^F = 3;
            fileno($socket) == 3 or dup2(fileno($socket), 3);
            fcntl($socket, 2, 0) if fileno($socket) == 3;
            @ENV{qw(LISTEN_PID LISTEN_FDS LISTEN_FDNAMES)} = ($$, 1, "milter");
            open(STDIN, "<", "/dev/null");
            exec(@command) or die "$command[0]: $!";
          }
          <STDIN>;
          kill "TERM", $child;
          waitpid($child, 0);
          print "ended $?\n";
        }
        """;

    [Test]
    public async Task Whoever_connects_while_the_daemon_is_away_waits_and_is_answered()
    {
        Requires.Tool("perl");
        using var folder = new TemporaryFolder();
        var path = folder["milter.sock"];
        var start = new ProcessStartInfo("perl", [
            "-e", Manager, path, Tool.Path, "--dry-run", "--milter=systemd", $"--syslog-msgs-file={folder.Write("log", "")}",
            $"--config={folder.Write("conf", "")}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var manager = Process.Start(start)!;
        manager.ErrorDataReceived += static (_, _) => { };
        manager.BeginErrorReadLine();
        try
        {
            (await manager.StandardOutput.ReadLineAsync()).Should().Be("listening");
            for (var run = 0; run < 2; run++)
            {
                using var early = await MilterClient.ConnectAsync(new UnixDomainSocketEndPoint(path));
                await early.SendAsync(MilterClient.Offer(6, 0x1ff, 0x1fffff));
                await manager.StandardInput.WriteLineAsync("start");
                (await early.ReadAsync()).Should().StartWith("O", "it has waited");
                (await early.AskAsync(MilterClient.Connect("203.0.113.7"))).Should().Be("c");

                await manager.StandardInput.WriteLineAsync("stop");
                (await manager.StandardOutput.ReadLineAsync()).Should().Be("ended 0");
                (await early.ReadAsync()).Should().BeNull("its session is over, and mail goes on without the gate");
                File.Exists(path).Should().BeTrue("it is the manager's to remove");
            }
        }
        finally
        {
            manager.StandardInput.Close();
            manager.Kill(entireProcessTree: true);
            await manager.WaitForExitAsync();
        }
    }

    [Test]
    public void Without_a_socket_it_says_how_to_get_one()
    {
        using var folder = new TemporaryFolder();

        var (code, _, errors) = Tool.Run(
            "--dry-run", "--milter=systemd", $"--syslog-msgs-file={folder.Write("log", "")}", $"--config={folder.Write("conf", "")}");

        errors.Should().Contain("systemctl enable --now blocksmtp-milter.socket");
        code.Should().Be(69);
    }

    [TestCase("self", "1", "milter", 3, TestName = "The only one, by its name")]
    [TestCase("self", "1", null, 3, TestName = "The only one, without a name")]
    [TestCase("self", "1", "other", 3, TestName = "The only one, by another name")]
    [TestCase("self", "3", "a:milter:b", 4, TestName = "One of several, by its name")]
    [TestCase("self", "2", "a:b", null, TestName = "Several others")]
    [TestCase("self", "0", "", null, TestName = "None")]
    [TestCase("self", "many", "milter", null, TestName = "No number")]
    [TestCase("1", "1", "milter", null, TestName = "Another process's")]
    [TestCase(null, null, null, null, TestName = "No manager")]
    public void Which_one_is_meant(string? pid, string? count, string? names, int? descriptor)
    {
        var environment = new Dictionary<string, string?>
        {
            ["LISTEN_PID"] = pid == "self" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : pid,
            ["LISTEN_FDS"] = count,
            ["LISTEN_FDNAMES"] = names,
        };

        HandedSockets.Of(name => environment[name]).Find("milter").Should().Be(descriptor);
    }
}
