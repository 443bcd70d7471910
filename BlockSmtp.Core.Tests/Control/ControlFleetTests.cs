using System.Net;
using BlockSmtp.Control;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Control;

/// <summary>What an engine and the program beside it say to each other through the fleet's socket.</summary>
[TestFixture]
public sealed class ControlFleetTests
{
    private ControlFleet _fleet = null!;
    private TemporaryFolder _folder = null!;
    private RunningEngine _engine = null!;
    private ControlServer _server = null!;

    [SetUp]
    public void Start()
    {
        _fleet = new ControlFleet();
        _folder = new TemporaryFolder();
        _engine = new RunningEngine(options => options.Fleet = _fleet);
        _server = ControlServer.Start(_engine.Engine, new ControlServerOptions { Path = _folder["fleet.sock"], Fleet = _fleet });
    }

    [TearDown]
    public async Task EndAsync()
    {
        await _server.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Who_connects_hears_what_is_in_force_then_what_is_new()
    {
        await _engine.Engine.BlockAsync(Network("192.0.2.1/32"), TimeSpan.FromHours(1), "by hand");
        await using var client = await ConnectAsync();
        var news = await client.HearAsync(0);
        news.IsWhole.Should().BeTrue();
        news.Words.Single().Reason.Should().Be("by hand");

        var hearing = client.HearAsync(news.Last);
        await _engine.Engine.BlockAsync(Network("192.0.2.2/32"), TimeSpan.FromHours(1), "another");
        var more = await hearing;
        more.IsWhole.Should().BeFalse();
        more.Words.Single().Network.Should().Be(Network("192.0.2.2/32"));
        more.Last.Should().BeGreaterThan(news.Last);
    }

    [Test]
    public async Task What_was_heard_and_not_confirmed_comes_again_over_a_new_connection()
    {
        await _engine.Engine.BlockAsync(Network("192.0.2.1/32"), TimeSpan.FromHours(1), "by hand");
        await _engine.Engine.ReleaseAsync(Network("192.0.2.1/32"));
        for (var i = 0; i < 2; i++)
        {
            await using var client = await ConnectAsync();
            (await client.HearAsync(0)).Words.Single().Kind.Should().Be(FleetWordKind.Release);
        }

        await using var last = await ConnectAsync();
        var news = await last.HearAsync(0);
        var hearing = last.HearAsync(news.Last);
        await _engine.Engine.BlockAsync(Network("192.0.2.2/32"), TimeSpan.FromHours(1), "by hand");
        await hearing;
        await using var anew = await ConnectAsync();
        (await anew.HearAsync(0)).Words.Select(word => word.Kind).Should().Equal([FleetWordKind.Block], "the release was confirmed");
    }

    [Test]
    public async Task What_is_told_is_in_force_when_the_answer_comes_and_never_heard_back()
    {
        await using var client = await ConnectAsync();
        var words = Enumerable.Range(0, 1000)
            .Select(i => new FleetWord("mx2", FleetWordKind.Block, Network($"198.51.{i / 250}.{i % 250}/32"))
            {
                Left = TimeSpan.FromHours(1),
                Reason = new string('<', 200),
            });
        await client.TellAsync(
            [.. words], new FleetStatus { Node = "mx1", IsConnected = true, Hosts = [new FleetHost("mx2", TimeSpan.Zero)] });
        _engine.Engine.Blocks.Should().HaveCount(1000).And.OnlyContain(block => block.Node == "mx2");
        _engine.Engine.Status.Fleet!.Fleet.Hosts.Single().Node.Should().Be("mx2");
        (await client.HearAsync(0)).Words.Should().BeEmpty();
    }

    [TestCase("""{"version":1,"command":"list"}""", "bad_request")]
    [TestCase("""{"version":1,"command":"unblock","all":true}""", "bad_request")]
    [TestCase("""{"version":1,"command":"tell","words":[{"network":"nonsense"}]}""", "bad_request")]
    [TestCase(
        """{"version":1,"command":"tell","words":[null,{},{"node":"mx2","kind":"block","network":"192.0.2.1"}],"fleet":{"hosts":[null,{}],"node":null}}""",
        "\"ok\":true")]
    public async Task What_is_wrong_does_no_harm(string request, string answer)
    {
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder["fleet.sock"]));
        await using var stream = new System.Net.Sockets.NetworkStream(socket);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(request + "\n"));
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))).Should().Contain(answer);
        _engine.Engine.Blocks.Should().BeEmpty();
        _engine.Engine.Status.Fleet.Should().NotBeNull();
    }

    [Test]
    public async Task Without_anybody_who_hears_nothing_piles_up()
    {
        for (var i = 0; i < 10; i++)
            _engine.Engine.Report(new Offense(IPAddress.Parse($"203.0.113.{i}"), _engine.Time.GetUtcNow(), OffenseKind.UnknownRecipient));
        await using var client = await ConnectAsync();
        (await client.HearAsync(0)).Words.Should().BeEmpty();
        await Eventually.IsTrue(
            () => _engine.Engine.Status.Fleet!.Fleet.Problem!.Contains("does it run", StringComparison.Ordinal),
            "it says so",
            TimeSpan.FromSeconds(5));
    }

    private Task<ControlClient> ConnectAsync() => ControlClient.ConnectAsync(_folder["fleet.sock"]);

    private static IPNetwork Network(string text) => IPNetwork.Parse(text);
}
