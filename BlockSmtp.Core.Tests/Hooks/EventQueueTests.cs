using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlockSmtp.Cli.Hooks;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Hooks;

/// <summary>What waits to be passed on is bounded, and what is too much is told.</summary>
public sealed class EventQueueTests
{
    [Test]
    public async Task A_flood_is_cut_counted_and_said_and_the_next_event_tells_of_it()
    {
        var time = new FakeTimeProvider();
        var log = new RecordedLog<EventQueue>();
        var receiver = new Listener();
        await using (var queue = new EventQueue(receiver, TimeSpan.FromMinutes(1), time, log))
        {
            queue.Add(Write);
            await receiver.Called.WaitAsync();
            for (var i = 0; i < EventQueue.Most + 500; i++)
                queue.Add(Write);
            receiver.Go.Release(EventPace.Burst);
            await Eventually.IsTrue(() => receiver.Told.Count == EventPace.Burst, "as many as may follow at once", TimeSpan.FromMinutes(1));
            receiver.Told[1].Should().Be("500\n");
            receiver.Told[2].Should().Be("0\n", "each is told once");
        }

        log.Entries.Sum(entry => long.Parse(entry.Message.Split(' ')[0], CultureInfo.InvariantCulture))
            .Should().Be(500 + EventQueue.Most + 1 - EventPace.Burst, "what waits at the end is lost too");
    }

    [Test]
    public void Sixty_may_follow_at_once_and_then_one_a_second()
    {
        var time = new FakeTimeProvider();
        var pace = new EventPace(time);

        for (var i = 0; i < EventPace.Burst; i++)
            pace.Next().Should().Be(TimeSpan.Zero);
        pace.Next().Should().Be(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(3));

        pace.Next().Should().Be(TimeSpan.Zero);
    }

    [Test]
    public async Task A_socket_is_told_and_waited_for_until_it_is_closed()
    {
        using var folder = new TemporaryFolder();
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(folder["socket"]));
        server.Listen();

        var passing = new EventSocket(folder["socket"]).PassAsync("{}\n"u8.ToArray(), CancellationToken.None);
        using (var connection = await server.AcceptAsync())
        {
            using var reader = new StreamReader(new NetworkStream(connection));
            (await reader.ReadToEndAsync()).Should().Be("{}\n");
            passing.IsCompleted.Should().BeFalse("whoever is told may be at it still");
        }

        (await passing).Should().BeNull();
    }

    [Test]
    public async Task A_socket_that_nobody_listens_on_is_said_with_what_mends_it()
    {
        using var folder = new TemporaryFolder();

        (await new EventSocket(folder["socket"]).PassAsync("{}\n"u8.ToArray(), CancellationToken.None))
            .Should().EndWith(": systemctl enable --now blocksmtp-event.socket");
    }

    [Test]
    public async Task A_program_that_does_not_read_may_be_content_all_the_same()
    {
        // More than a pipe holds.
        (await new EventProgram("/bin/true").PassAsync(new byte[1 << 20], CancellationToken.None)).Should().BeNull();
        (await new EventProgram("/bin/false").PassAsync(new byte[1 << 20], CancellationToken.None)).Should().Be("it has ended with 1");
    }

    [Test]
    public void What_a_client_has_written_stays_in_its_string_and_on_its_line()
    {
        var block = new Block(IPNetwork.Parse("203.0.113.7/32"), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 4, "a\"b\nc")
        {
            Evidence = new Evidence(4, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, ["<x\"\u001b\n@y>"], PeerSource.LaterLine),
        };

        var line = Encoding.UTF8.GetString(
            EventText.Write(DateTimeOffset.UnixEpoch, "block", true, 0, json => EventText.Write(json, block)));

        line.IndexOf('\n').Should().Be(line.Length - 1);
        line.Should().NotContain("\u001b").And.Contain("""
            "tried":["<x\"\u001B\n@y>"]
            """);
    }

    private static byte[] Write(long dropped) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{dropped}\n"));

    /// <summary>Takes an event when it is let.</summary>
    private sealed class Listener : IEventReceiver
    {
        public SemaphoreSlim Called { get; } = new(0);

        public SemaphoreSlim Go { get; } = new(0);

        public List<string> Told { get; } = [];

        public string Name => "listener";

        public async Task<string?> PassAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
        {
            Called.Release();
            await Go.WaitAsync(cancellationToken);
            lock (Told)
                Told.Add(Encoding.ASCII.GetString(json.Span));
            return null;
        }
    }
}
