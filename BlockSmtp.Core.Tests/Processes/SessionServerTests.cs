using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Processes;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

#pragma warning disable CA1416 // All of this is for Linux.

namespace BlockSmtp.Tests.Processes;

/// <summary>What a daemon without rights gets from the helper that has them, and what it does not get.</summary>
[Category(Needs.Root)]
internal sealed class SessionServerTests
{
    private FakeSendmail _mailer = null!;
    private RunningSessionServer _server = null!;

    [SetUp]
    public void Start()
    {
        _mailer = new FakeSendmail();
        _server = new RunningSessionServer(_mailer.Options);
    }

    [TearDown]
    public async Task Stop()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _mailer?.Dispose();
    }

    [TestCase("127.0.0.7")]
    public void The_client_of_a_process_is_found(string address)
    {
        var client = _mailer.Connect(from: address);

        _server.Client().FindPeer(client.ChildId, null).Should().Be(PeerLookupResult.Found(IPAddress.Parse(address)));
    }

    [Test]
    public void The_client_of_a_process_that_is_younger_than_the_line_is_not_told()
    {
        var client = _mailer.Connect();

        _server.Client().FindPeer(client.ChildId, DateTimeOffset.UtcNow.AddHours(-1)).Outcome.Should().Be(PeerLookupOutcome.NotTheMailer);
        _server.Client().FindPeer(client.ChildId, DateTimeOffset.UtcNow.AddHours(1)).Outcome.Should().Be(PeerLookupOutcome.Found);
    }

    [Test]
    public void Nothing_is_told_of_other_processes()
    {
        var sessions = _server.Client();

        sessions.FindPeer(Environment.ProcessId, null).Outcome.Should().Be(PeerLookupOutcome.NotTheMailer);
        sessions.FindPeer(_mailer.DaemonId, null).Outcome.Should().Be(PeerLookupOutcome.NoConnection);
        sessions.FindPeer(-1, null).Outcome.Should().Be(PeerLookupOutcome.NoProcess);
        sessions.FindPeer(int.MaxValue, null).Outcome.Should().Be(PeerLookupOutcome.NoProcess);
    }

    [Test]
    public async Task Whoever_has_all_sessions_ended_ends_nothing_else()
    {
        using var other = new FakeSendmail(program: "perl");
        var bystander = other.Connect();
        var session = _mailer.Connect();

        var ended = await _server.Client().EndSessionsAsync([IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")], default);

        ended.Should().ContainSingle().Which.ProcessId.Should().Be(session.ChildId);
        bystander.ChildIsAlive.Should().BeTrue();
        _mailer.DaemonIsAlive.Should().BeTrue();
    }

    [Test]
    public async Task More_networks_than_one_request_takes_are_several()
    {
        var session = _mailer.Connect(from: "127.0.0.7");
        var networks = Enumerable.Range(0, SessionWire.MostNetworks).Select(i => IPNetwork.Parse($"10.{i >> 8}.{i & 255}.1/32"));

        var ended = await _server.Client().EndSessionsAsync(
            [.. networks, IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("127.0.0.0/24")], default);

        ended.Should().ContainSingle().Which.ProcessId.Should().Be(session.ChildId);
    }

    [TestCase(0, 0, 0L)]
    [TestCase(9, 1, 1L)]
    [TestCase(SessionWire.Find, 1, -1L)]
    [TestCase(SessionWire.Find, 1, long.MaxValue)]
    [TestCase(SessionWire.EndOfPeers, 0, 0L)]
    [TestCase(SessionWire.EndOfPeers, -1, 0L)]
    [TestCase(SessionWire.EndOfPeers, int.MaxValue, 0L)]
    [TestCase(SessionWire.EndStuck, 0, 0L)]
    [TestCase(SessionWire.EndStuck, 0, long.MinValue)]
    [TestCase(SessionWire.EndStalled, 0, 0L)]
    public void What_is_no_request_is_hung_up_on(byte kind, int number, long ticks)
    {
        var request = new byte[SessionWire.RequestLength];
        SessionWire.WriteRequest(request, kind, number, ticks);

        HangsUpOn(request);
    }

    [TestCase(129)]
    [TestCase(255)]
    public void A_network_of_more_bits_than_there_are_is_hung_up_on(byte bits)
    {
        var request = new byte[SessionWire.RequestLength + SessionWire.NetworkLength];
        SessionWire.WriteRequest(request, SessionWire.EndOfPeers, 1, 0);
        request[^1] = bits;

        HangsUpOn(request);
    }

    [Test]
    public void Nobody_but_its_user_and_root_can_open_its_socket() =>
        File.GetUnixFileMode(_server.Path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);

    [Test]
    public void Another_user_gets_no_answer_though_he_may_open_the_socket()
    {
        Requires.Tool("setpriv");
        File.SetUnixFileMode(_server.Path, (UnixFileMode)0b110_110_110);
        File.SetUnixFileMode(Path.GetDirectoryName(_server.Path)!, (UnixFileMode)0b111_101_101);
        const string Ask = """
            use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die; connect($s, sockaddr_un($ARGV[0])) or die "connect: $!";
            syswrite($s, pack('CxxxlQ', 1, 1, 0)); print sysread($s, my $reply, 24) || 0;
            """;

        Command.Run("perl", "-e", Ask, _server.Path).Should().Be("24");
        Command.Run("setpriv", "--reuid=65534", "--clear-groups", "perl", "-e", Ask, _server.Path).Should().Be("0");
    }

    [Test]
    public async Task A_server_that_was_started_anew_is_noticed_by_nobody()
    {
        var client = _mailer.Connect();
        var said = new Said();
        var sessions = _server.Client(said);
        sessions.FindPeer(client.ChildId, null).Outcome.Should().Be(PeerLookupOutcome.Found);

        await _server.StopAsync();
        _server.StartAgain();

        sessions.FindPeer(client.ChildId, null).Outcome.Should().Be(PeerLookupOutcome.Found);
        (await sessions.EndSessionsAsync([IPNetwork.Parse("127.0.0.1/32")], default)).Should().ContainSingle();
        said.Warnings.Should().BeEmpty();
    }

    [Test]
    public async Task A_server_that_is_away_is_said_once_and_asked_again_a_second_later()
    {
        var client = _mailer.Connect();
        var (said, time) = (new Said(), new FakeTimeProvider());
        var sessions = _server.Client(said, time);
        await _server.StopAsync();

        sessions.FindPeer(client.ChildId, null).Outcome.Should().Be(PeerLookupOutcome.NotPermitted);
        time.Advance(TimeSpan.FromSeconds(2));
        sessions.FindPeer(client.ChildId, null).Outcome.Should().Be(PeerLookupOutcome.NotPermitted);
        (await sessions.EndSessionsAsync([IPNetwork.Parse("127.0.0.1/32")], default)).Should().BeEmpty();
        said.Warnings.Should().ContainSingle().Which.Should().Contain("does not answer");

        _server.StartAgain();
        sessions.FindPeer(client.ChildId, null).Outcome.Should().Be(
            PeerLookupOutcome.NotPermitted, "it is not asked at each line meanwhile");
        time.Advance(TimeSpan.FromSeconds(2));
        sessions.FindPeer(client.ChildId, null).Outcome.Should().Be(PeerLookupOutcome.Found);
        said.Warnings.Should().HaveCount(2).And.Subject.Last().Should().Contain("answers again");
    }

    [Test]
    public void A_server_that_lies_is_not_believed()
    {
        using var folder = new TemporaryFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder["liar.sock"]));
        listener.Listen();
        // More sessions than there may be.
        var lie = new byte[SessionWire.ReplyLength];
        BinaryPrimitives.WriteInt32LittleEndian(lie.AsSpan(4), int.MaxValue);
        var lying = Task.Run(() =>
        {
            using var asker = listener.Accept();
            SessionLine.TryReceiveAll(asker, new byte[SessionWire.RequestLength]);
            SessionLine.SendAll(asker, lie);
            return asker.Receive(new byte[1]);
        });
        using var sessions = new SessionClient(folder["liar.sock"]);

        sessions.FindPeer(1, null).Outcome.Should().Be(PeerLookupOutcome.NotPermitted);
        lying.Wait(TimeSpan.FromMinutes(1)).Should().BeTrue("it is hung up on");
    }

    [Test]
    public void A_server_that_hangs_is_waited_for_once_and_not_again_before_it_has_answered()
    {
        using var folder = new TemporaryFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder["hung.sock"]));
        listener.Listen();
        var (said, time) = (new Said(), new FakeTimeProvider());
        using var sessions = new SessionClient(folder["hung.sock"], time, said, TimeSpan.FromSeconds(3));

        for (var line = 0; line < 50; line++)
        {
            sessions.FindPeer(4711, null).Outcome.Should().Be(PeerLookupOutcome.NotPermitted);
            time.Advance(TimeSpan.FromSeconds(2));
        }

        // What was waited for has hung up, and one question that nobody waits for stands open.
        using var first = listener.Accept();
        ShouldAsk(first, 4711);
        first.Receive(new byte[1]).Should().Be(0);
        using var second = listener.Accept();
        ShouldAsk(second, 0);
        listener.Poll(TimeSpan.Zero, SelectMode.SelectRead).Should().BeFalse("no other question was asked");
        said.Warnings.Should().ContainSingle().Which.Should().Contain("it is silent");

        SessionLine.SendAll(second, Reply(PeerLookupOutcome.NoProcess, null));
        var answering = Task.Run(() =>
        {
            using var third = listener.Accept();
            ShouldAsk(third, 4711);
            SessionLine.SendAll(third, Reply(PeerLookupOutcome.Found, IPAddress.Parse("203.0.113.7")));
            return third.Receive(new byte[1]);
        });
        sessions.FindPeer(4711, null).Should().Be(PeerLookupResult.Found(IPAddress.Parse("203.0.113.7")));
        said.Warnings.Should().HaveCount(2).And.Subject.Last().Should().Contain("answers again");
        sessions.Dispose();
        answering.Wait(TimeSpan.FromMinutes(1)).Should().BeTrue();
    }

    [Test]
    public void A_server_that_hung_and_was_started_anew_is_asked_again()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider();
        using var sessions = new SessionClient(folder["hung.sock"], time, null, TimeSpan.FromSeconds(3));
        using (var hung = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            hung.Bind(new UnixDomainSocketEndPoint(folder["hung.sock"]));
            hung.Listen();
            sessions.FindPeer(4711, null).Outcome.Should().Be(PeerLookupOutcome.NotPermitted);
        }

        File.Delete(folder["hung.sock"]);
        var client = _mailer.Connect(from: "127.0.0.7");
        File.CreateSymbolicLink(folder["hung.sock"], _server.Path);
        time.Advance(TimeSpan.FromSeconds(2));

        sessions.FindPeer(client.ChildId, null).Should().Be(PeerLookupResult.Found(IPAddress.Parse("127.0.0.7")));
    }

    private static void ShouldAsk(Socket asker, int process)
    {
        var request = new byte[SessionWire.RequestLength];
        SessionLine.TryReceiveAll(asker, request).Should().BeTrue();
        SessionWire.ReadRequest(request).Should().Be((SessionWire.Find, process, 0L));
    }

    private static byte[] Reply(PeerLookupOutcome outcome, IPAddress? peer)
    {
        var reply = new byte[SessionWire.ReplyLength];
        SessionWire.WriteReply(reply, (byte)outcome, 0, peer);
        return reply;
    }

    private void HangsUpOn(byte[] request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = 60_000;
        socket.Connect(new UnixDomainSocketEndPoint(_server.Path));
        SessionLine.SendAll(socket, request);

        var hungUp = () => SessionLine.TryReceiveAll(socket, new byte[1]);
        // With what it has not read any more, the kernel says so by a reset.
        try
        {
            hungUp().Should().BeFalse();
        }
        catch (SocketException e)
        {
            e.SocketErrorCode.Should().Be(SocketError.ConnectionReset);
        }
    }

    private sealed class Said : ILogger<SendmailReaper>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                Warnings.Add(formatter(state, exception));
        }
    }
}
