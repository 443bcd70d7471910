using System.Diagnostics;
using System.Globalization;
using System.Net;
using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Processes;

/// <summary>
/// A real daemon of real processes that the kernel shows like sendmail's: a copy of perl under the name sendmail-mta, which
/// forks for every connection. The client tells the child what to do. Disposing ends them all.
/// </summary>
internal sealed class FakeSendmail : IDisposable
{
    // Like sendmail's, the children close the listener and have the connection at 1, 4 and 8.
    private const string Script = """
        use strict; use IO::Socket::IP; use POSIX ();
        my ($address, $dual, $reaps) = @ARGV;
        $SIG{CHLD} = 'IGNORE' if $reaps;
        my $listener = IO::Socket::IP->new(LocalHost => $address, LocalPort => 0, Listen => 50, ($dual ? (V6Only => 0) : ())) or die "listen: $@";
        $| = 1;
        print $listener->sockport, "\n";
        $0 = 'sendmail: MTA: accepting connections';
        while (my $client = $listener->accept) {
            # A child serves when the daemon has let go of the connection, so a test finds it in one place.
            pipe(my $gone, my $parent);
            if (fork) { close $client; close $gone; close $parent; next }
            close $parent; <$gone>; close $gone;
            my $own = POSIX::dup(fileno $client) + 0;
            POSIX::dup2($own, 20); close $client;
            close $listener;
            POSIX::dup2(20, $_) for 1, 4, 8;
            POSIX::close($_) for grep { $_ != 1 && $_ != 2 && $_ != 4 && $_ != 8 } 0, 3, 5, 6, 7, 9 .. 20;
            my $waiting = 'sendmail: MTA: server [203.0.113.61] cmd read';
            $0 = $waiting;
            my ($text, $deaf) = ('', 0);
            while (1) {
                my $count = POSIX::read(8, my $bytes, 1000);
                if (!defined $count) { next if $!{EINTR}; last unless $deaf; POSIX::pause(); next }
                if ($count == 0) { last unless $deaf; POSIX::pause(); next }
                $text .= $bytes;
                while ($text =~ s/^(.*)\n//) {
                    my $command = $1;
                    if ($command =~ /^TITLE (.*)/) { $0 = $1 }
                    elsif ($command eq 'DEAF') { $deaf = 1 }
                    elsif ($command eq 'STUBBORN') { $deaf = 1; $SIG{TERM} = 'IGNORE' }
                    elsif ($command eq 'LISTEN') { our $more = IO::Socket::IP->new(LocalHost => $address, LocalPort => 0, Listen => 1) or die }
                    elsif ($command =~ /^CONNECT (.*)/) { our $out = IO::Socket::IP->new(PeerHost => $address, PeerPort => $1) or die; POSIX::write(fileno $out, "NOOP\n", 5); POSIX::read(fileno $out, my $answer, 100) }
                    elsif ($command eq 'BUSY') { POSIX::write(8, "$$\n", length "$$\n"); POSIX::pause() while 1 }
                    elsif ($command eq 'SELECT') { POSIX::write(8, "$$\n", length "$$\n"); my $set = "\0" x 128; vec($set, 8, 1) = 1; syscall((POSIX::uname())[4] eq 'aarch64' ? 72 : 270, 9, $set, 0, 0, 0, 0); next }
                    elsif ($command eq 'MOVE') { POSIX::dup2(8, 30); POSIX::write(30, "$$\n", length "$$\n"); POSIX::close($_) for 1, 4, 8; POSIX::pause() while 1 }
                    POSIX::write(8, "$$\n", length "$$\n");
                }
            }
            POSIX::_exit(0);
        }
        """;

    private static int _count;

    private readonly DirectoryInfo _directory;
    private readonly Process _daemon;
    private readonly List<FakeClient> _clients = [];

    /// <summary>Starts one on a free port.</summary>
    /// <param name="address">Where it listens; with <paramref name="dualStack"/> "::".</param>
    /// <param name="dualStack">Whether it takes IPv4 clients on its IPv6 socket.</param>
    /// <param name="program">The name of its program.</param>
    /// <param name="reaps">Whether it waits for its children, or leaves them as zombies.</param>
    public FakeSendmail(string address = "127.0.0.1", bool dualStack = false, string program = "sendmail-mta", bool reaps = true)
    {
        Requires.Need(OperatingSystem.IsLinux(), "it needs Linux");
        Requires.Root();
        Requires.Tool("perl");
        Requires.Need(!address.Contains(':', StringComparison.Ordinal) || File.Exists("/proc/net/tcp6"), "it needs IPv6");
        _directory = Directory.CreateTempSubdirectory($"bsmtp-{Interlocked.Increment(ref _count)}-");
        var file = Path.Combine(_directory.FullName, program);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(Requires.Find("perl")!, file);
        _daemon = Process.Start(new ProcessStartInfo(file, ["-e", Script, address, dualStack ? "1" : "", reaps ? "1" : ""])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var port = _daemon.StandardOutput.ReadLine();
        if (port is null)
            throw new InvalidOperationException("The fake sendmail did not start: " + _daemon.StandardError.ReadToEnd());
        Port = int.Parse(port, CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    public int DaemonId => _daemon.Id;

    public bool DaemonIsAlive => !_daemon.HasExited;

    public SendmailProcessOptions Options => new() { MailerPorts = [Port] };

    /// <summary>Connects a client; the answer to its greeting is awaited, so the child is ready.</summary>
    public FakeClient Connect(string to = "127.0.0.1", string? from = null)
    {
        var client = new FakeClient(new IPEndPoint(IPAddress.Parse(to), Port), from is null ? null : IPAddress.Parse(from));
        _clients.Add(client);
        return client;
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();

        _daemon.Kill(entireProcessTree: true);
        _daemon.WaitForExit();
        _daemon.Dispose();
        _directory.Delete(recursive: true);
    }
}
