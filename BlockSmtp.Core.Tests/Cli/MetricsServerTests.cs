using System.Net;
using System.Net.Sockets;
using System.Text;
using BlockSmtp.Cli;
using BlockSmtp.Cli.Metrics;

namespace BlockSmtp.Tests.Cli;

/// <summary>What may come over the wire to the port for Prometheus.</summary>
public sealed class MetricsServerTests
{
    private MetricsServer _server = null!;

    [SetUp]
    public void Start() => _server = MetricsServer.Start(new IPEndPoint(IPAddress.Loopback, 0), () => "the figures\n");

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("GET /metrics HTTP/1.1\r\nHost: mail1:9625\r\nAccept: */*\r\n\r\n", "200 OK")]
    [TestCase("GET /metrics?name=x HTTP/1.0\r\n\r\n", "200 OK")]
    [TestCase("GET / HTTP/1.1\r\n\r\n", "404 Not Found")]
    [TestCase("GET /metrics/../../etc/passwd HTTP/1.1\r\n\r\n", "404 Not Found")]
    [TestCase("POST /metrics HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "405 Method Not Allowed")]
    [TestCase("HELO x\r\n\r\n", "400 Bad Request")]
    [TestCase("\r\n\r\n", "400 Bad Request")]
    public async Task Answers_one_question_and_no_other(string request, string status)
    {
        var answer = await AskAsync(request);

        answer.Should().StartWith($"HTTP/1.1 {status}\r\n");
        answer.EndsWith("\r\n\r\nthe figures\n", StringComparison.Ordinal).Should().Be(status == "200 OK");
    }

    [Test]
    public async Task A_request_that_does_not_end_is_cut_short()
    {
        (await AskAsync("GET /metrics HTTP/1.1\r\n" + new string('x', 8 * 1024 - 23))).Should().StartWith("HTTP/1.1 431 ");
        (await AskAsync("GET /metrics HTTP/1.1\r\n", end: true)).Should().StartWith("HTTP/1.1 400 ");
    }

    [Test]
    public async Task Clients_that_say_nothing_keep_others_waiting_only_for_a_while()
    {
        var silent = new List<Socket>();
        for (var i = 0; i < 12; i++)
        {
            silent.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await silent[^1].ConnectAsync(_server.Address);
        }

        (await AskAsync("GET /metrics HTTP/1.1\r\n\r\n")).Should().StartWith("HTTP/1.1 200 ");
        silent.ForEach(socket => socket.Dispose());
    }

    [Test]
    public async Task Clients_that_say_nothing_for_ever_keep_nobody_waiting()
    {
        await using var patient = MetricsServer.Start(new IPEndPoint(IPAddress.Loopback, 0), () => "the figures\n", TimeSpan.FromHours(1));
        var silent = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            silent.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await silent[^1].ConnectAsync(patient.Address);
        }

        (await AskAsync("GET /metrics HTTP/1.1\r\n\r\n", at: patient).WaitAsync(TimeSpan.FromSeconds(30)))
            .Should().StartWith("HTTP/1.1 200 ");
        silent[0].Receive(new byte[1]).Should().Be(0, "who came first and said nothing has made room");
        silent.ForEach(socket => socket.Dispose());
    }

    [Test]
    public void A_port_that_is_taken_is_said_with_69()
    {
        var taken = () => MetricsServer.Start(_server.Address, () => "");

        taken.Should().Throw<CommandException>().Where(e => e.ExitCode == ExitCode.Unavailable && e.Message.Contains("another port"));
    }

    private async Task<string> AskAsync(string request, bool end = false, MetricsServer? at = null)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync((at ?? _server).Address);
        using var reader = new StreamReader(new NetworkStream(socket));
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        if (end)
            socket.Shutdown(SocketShutdown.Send);
        return await reader.ReadToEndAsync();
    }
}
