#pragma warning disable CA1416 // All of this program is for Linux.

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Milter;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;
using static BlockSmtp.Tests.Milter.MilterClient;

namespace BlockSmtp.Tests.Milter;

/// <summary>What a mail server gets of a milter, packet by packet.</summary>
public sealed class MilterServerTests
{
    private readonly ConcurrentQueue<string> _seen = new();
    private Func<string, MilterReply> _answer = _ => MilterReply.Continue;
    private MilterServer _server = null!;

    [SetUp]
    public void Start()
    {
        _seen.Clear();
        _answer = _ => MilterReply.Continue;
        _server = MilterServer.Start(
            () => new RecordingMilter(_seen) { Answer = what => _answer(what) },
            new MilterServerOptions
            {
                Address = new IPEndPoint(IPAddress.Loopback, 0),
                RecipientMacros = "{rcpt_mailer} i",
                MaxConnections = 3,
                MaxPacket = 2_000,
            });
    }

    [TearDown]
    public ValueTask Stop() => _server.DisposeAsync();

    [Test]
    public async Task It_takes_the_steps_it_needs_of_those_that_are_offered_and_says_which_macros_it_wants()
    {
        using var client = await ConnectAsync(_server.Address);

        // Version 6, macro lists; no body, headers, end of headers and DATA, but rejected recipients.
        (await client.AskAsync(Offer(6, 0x1ff, 0x1fffff))).Should().Be("O\0\0\0\x06\0\0\x01\0\0\0\x0a\x70\0\0\0\x03{rcpt_mailer} i\0");
    }

    [TestCase(2u, 0x3fu, 0x7fu, "O\0\0\0\x02\0\0\0\0\0\0\0\x70")]
    [TestCase(3u, 0x3fu, 0x1ffu, "O\0\0\0\x03\0\0\0\0\0\0\0\x70")]
    [TestCase(99u, 0xffu, 0u, "O\0\0\0\x06\0\0\0\0\0\0\0\0")]
    public async Task Of_another_version_it_asks_for_nothing_that_was_not_offered(uint version, uint actions, uint steps, string answer)
    {
        using var client = await ConnectAsync(_server.Address);

        (await client.AskAsync(Offer(version, actions, steps))).Should().Be(answer);
    }

    [Test]
    public async Task A_session_is_told_in_order_with_its_macros()
    {
        using (var client = await NegotiateAsync(_server.Address))
        {
            (await client.AskAsync(Connect("203.0.113.7"))).Should().Be("c");
            (await client.AskAsync(Packet('H', "mx.example\0"))).Should().Be("c");
            (await client.AskAsync(Macros('M', "i", "6ANHntrU020703"), Packet('M', "<a@b.example>\0SIZE=7\0"))).Should().Be("c");
            (await client.RecipientAsync("<joe@example.org>")).Should().Be("c");
            (await client.RecipientAsync("<nosuch@example.org>", "error", "5.1.1")).Should().Be("c");
            (await client.AskAsync(Packet('T'))).Should().Be("c");
            (await client.AskAsync(Packet('E'))).Should().Be("c");
            await client.SendAsync(Packet('A'));
            (await client.AskAsync(Packet('U', "FOO bar\0"))).Should().Be("c");
            (await client.AskAsync(Packet('M', "<>\0"))).Should().Be("c");
            await client.SendAsync(Packet('Q'));
            (await client.ReadAsync()).Should().BeNull();
        }

        _seen.Should().Equal(
            "connect 203.0.113.7 40000", "helo mx.example", "mail <a@b.example> 6ANHntrU020703",
            "rcpt <joe@example.org> local 6ANHntrU020703", "rcpt <nosuch@example.org> error 6ANHntrU020703", "message", "abort",
            "unknown FOO bar", "mail <> ", "close");
    }

    [TestCase("2001:db8:0:0:0:0:a:7", "2001:db8::a:7")]
    [TestCase("::ffff:203.0.113.9", "203.0.113.9")]
    public async Task A_client_is_known_by_its_canonical_address(string told, string known)
    {
        using var client = await NegotiateAsync(_server.Address);

        await client.AskAsync(Connect(told));

        _seen.Should().Equal($"connect {known} 40000");
    }

    [Test]
    public async Task A_client_without_an_address_is_none()
    {
        using var client = await NegotiateAsync(_server.Address);

        (await client.AskAsync(Packet('C', "localhost\0U"))).Should().Be("c");
        (await client.AskAsync(Packet('C', "localhost\0L\0\0/run/x\0"))).Should().Be("c");

        _seen.Should().Equal("connect  0", "connect  0");
    }

    [Test]
    public async Task A_connection_serves_one_session_after_the_other()
    {
        using var client = await NegotiateAsync(_server.Address);
        await client.AskAsync(Connect("203.0.113.7"));
        await client.SendAsync(Packet('K'));
        await client.AskAsync(Connect("203.0.113.8"));

        _seen.Should().Equal("connect 203.0.113.7 40000", "close", "connect 203.0.113.8 40000");
    }

    [Test]
    public async Task A_reply_is_what_the_milter_said()
    {
        var replies = new Queue<MilterReply>(
            [
                MilterReply.Accept,
                MilterReply.Reject,
                MilterReply.TemporaryFailure,
                MilterReply.Of(421, "4.7.0", "Not now, 100% sure"),
                MilterReply.Of(550, "5.1.1", "<x>... User unknown")]);
        _answer = _ => replies.Dequeue();
        using var client = await NegotiateAsync(_server.Address);

        foreach (var reply in new[] { "a", "r", "t", "y421 4.7.0 Not now, 100%% sure\0", "y550 5.1.1 <x>... User unknown\0" })
            (await client.AskAsync(Packet('R', "<x>\0"))).Should().Be(reply);
    }

    [Test]
    public async Task A_packet_may_come_in_pieces()
    {
        using var client = await NegotiateAsync(_server.Address);
        byte[] packets = [.. Macros('R', "i", "6ANHntrU020703", "{rcpt_mailer}", "local"), .. Packet('R', "<joe@example.org>\0")];

        foreach (var piece in packets)
            await client.SendAsync([piece]);

        (await client.ReadAsync()).Should().Be("c");
        _seen.Should().Equal("rcpt <joe@example.org> local 6ANHntrU020703");
    }

    [Test]
    public async Task A_milter_that_throws_lets_mail_pass()
    {
        _answer = _ => throw new InvalidOperationException("broken");
        using var client = await NegotiateAsync(_server.Address);

        (await client.AskAsync(Packet('R', "<x>\0"))).Should().Be("c");
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return new TestCaseData(new byte[] { 0, 0, 0, 0 }).SetArgDisplayNames("a packet of nothing");
        yield return new TestCaseData(new byte[] { 0xff, 0xff, 0xff, 0xff }).SetArgDisplayNames("one of 4 GiB");
        yield return new TestCaseData(new byte[] { 0, 0, 7, 0xd1 }).SetArgDisplayNames(
            "one that is longer than the longest, by its length alone");
        yield return new TestCaseData(Packet('R', "<x>")).SetArgDisplayNames("a recipient without an end");
        yield return new TestCaseData(Packet('R')).SetArgDisplayNames("no recipient");
        yield return new TestCaseData(Packet('D')).SetArgDisplayNames("macros for no command");
        yield return new TestCaseData(Packet('D', "Ri\0value")).SetArgDisplayNames("a macro without an end");
        yield return new TestCaseData(Packet('?')).SetArgDisplayNames("an unknown command");
        yield return new TestCaseData(Packet('C', "host\0")).SetArgDisplayNames("no family");
        yield return new TestCaseData(Packet('C', "host\04\0")).SetArgDisplayNames("no port");
        yield return new TestCaseData(Packet('C', "host\04\0\x19203.0.113.7")).SetArgDisplayNames("an address without an end");
        yield return new TestCaseData(Packet('C', "host\04\0\x19mx.example\0")).SetArgDisplayNames("an address that is none");
        yield return new TestCaseData(Packet('C', "host\04\0\x19" + "2001:db8::1\0")).SetArgDisplayNames("an address of the other family");
        yield return new TestCaseData(Packet('O', "\0\0\0")).SetArgDisplayNames("half an offer");
    }

    [TestCaseSource(nameof(Wrong))]
    public async Task Who_sends_what_he_must_not_is_hung_up_on_and_the_others_are_served(byte[] packet)
    {
        using var other = await NegotiateAsync(_server.Address);
        using var client = await NegotiateAsync(_server.Address);

        (await client.AskAsync(packet)).Should().BeNull();

        (await other.AskAsync(Packet('H', "mx.example\0"))).Should().Be("c");
    }

    [Test]
    public async Task Nothing_is_answered_before_the_versions_are_agreed_on()
    {
        using var client = await ConnectAsync(_server.Address);

        (await client.AskAsync(Packet('R', "<x>\0"))).Should().BeNull();
        _seen.Should().BeEmpty();
    }

    [Test]
    public async Task A_mail_server_that_dies_in_the_middle_of_a_packet_leaves_nothing()
    {
        var client = await NegotiateAsync(_server.Address);
        await client.AskAsync(Connect("203.0.113.7"));
        await client.SendAsync(Packet('R', "<joe@example.org>\0")[..9]);
        client.Dispose();

        await Eventually.IsTrue(() => _server.Connections == 0, "the session is over");
        _seen.Should().Equal("connect 203.0.113.7 40000", "close");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Sessions_that_make_it_keep_much_are_hung_up_on_and_others_are_served(bool isWhole)
    {
        await using var server = MilterServer.Start(
            () => new RecordingMilter(_seen),
            new MilterServerOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), MaxMemory = 1024 * 1024 });
        using var before = await NegotiateAsync(server.Address);
        var macros = Macros('C', "{x}", new string('A', 60_000));
        var much = Enumerable.Range(0, 40).Select(async _ =>
        {
            var client = await NegotiateAsync(server.Address);
            await client.SendAsync(isWhole ? macros : macros[..^1]);
            return client;
        }).ToArray();
        var clients = await Task.WhenAll(much);

        await Eventually.IsTrue(() => server.Connections is > 5 and < 25, "some are too many");
        (await before.AskAsync(Connect("203.0.113.7"))).Should().Be("c");

        foreach (var client in clients)
            client.Dispose();
        await Eventually.IsTrue(() => server.Connections == 1, "they are gone");
        using var later = await NegotiateAsync(server.Address);
        (await later.AskAsync(macros, Connect("203.0.113.8"))).Should().Be("c", "what they took is given back");
    }

    [Test]
    public async Task One_more_than_it_takes_is_turned_away()
    {
        using var first = await NegotiateAsync(_server.Address);
        using var second = await NegotiateAsync(_server.Address);
        using (var third = await NegotiateAsync(_server.Address))
        {
            using var fourth = await ConnectAsync(_server.Address);
            (await fourth.AskAsync(Offer(6, 0x1ff, 0x1fffff))).Should().BeNull();
        }

        await Eventually.IsTrue(() => _server.Connections == 2, "one has gone");
        using var fifth = await NegotiateAsync(_server.Address);
        (await fifth.AskAsync(Packet('H', "mx.example\0"))).Should().Be("c");
    }

    [Test]
    public async Task When_it_stops_every_session_is_over()
    {
        using var client = await NegotiateAsync(_server.Address);
        await client.AskAsync(Connect("203.0.113.7"));

        await _server.DisposeAsync();

        (await client.ReadAsync()).Should().BeNull();
        _seen.Should().EndWith("close");
        _server.Connections.Should().Be(0);
    }

    [Test]
    public async Task A_Unix_socket_is_for_its_owner_and_goes_with_the_server()
    {
        using var folder = new TemporaryFolder();
        var path = folder["run/milter.sock"];
        await using (var server = MilterServer.Start(
            () => new RecordingMilter(_seen), new MilterServerOptions { Address = new UnixDomainSocketEndPoint(path) }))
        {
            File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            using var client = await NegotiateAsync(server.Address);
            (await client.AskAsync(Packet('H', "mx.example\0"))).Should().Be("c");
            var again = () => MilterServer.Start(
                () => new RecordingMilter(_seen), new MilterServerOptions { Address = new UnixDomainSocketEndPoint(path) });
            again.Should().Throw<MilterException>().WithMessage("another program listens on *");
        }

        File.Exists(path).Should().BeFalse();
    }

    [Test]
    public async Task Only_the_socket_of_a_dead_program_is_replaced()
    {
        using var folder = new TemporaryFolder();
        var (socket, file) = (folder["dead.sock"], folder.Write("notes.txt", "mine"));
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // .NET would remove what it has made, under the name that it was made with.
            dead.Bind(new UnixDomainSocketEndPoint(socket + ".made"));
            File.Move(socket + ".made", socket);
        }

        File.Exists(socket).Should().BeTrue();

        await using var server = MilterServer.Start(
            () => new RecordingMilter(_seen), new MilterServerOptions { Address = new UnixDomainSocketEndPoint(socket) });
        Command.Run("mkfifo", folder["pipe"]);
        foreach (var other in new[] { file, folder["pipe"], folder["."] })
        {
            var start = () => MilterServer.Start(
                () => new RecordingMilter(_seen), new MilterServerOptions { Address = new UnixDomainSocketEndPoint(other) });
            start.Should().Throw<MilterException>().WithMessage("*is no socket*");
        }

        File.ReadAllText(file).Should().Be("mine");
    }
}
