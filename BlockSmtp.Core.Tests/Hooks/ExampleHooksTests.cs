using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Hooks;

/// <summary>The examples of the package, each against a server of the test's own.</summary>
public sealed class ExampleHooksTests
{
    private const string Block =
        """{"time":"2026-11-23T18:00:05Z","action":"block","server":"mail1","address":"193.0.0.1","offenses":4,"until":"2026-11-23T21:00:05Z","origin":"policy","reason":"4 wrong names","tried":["<anna@example.org>"]}""";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        Requires.Tool("python3");
        _folder = new TemporaryFolder();
    }

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    [Test]
    public async Task The_webhook_sends_the_object_as_it_is()
    {
        await using var server = new WebServer();

        Run("webhook", Block, ("WEBHOOK_URL", server.Url), ("WEBHOOK_TOKEN", "secret")).Should().Be((0, ""));

        var request = server.Requests.Single();
        request.Body.Should().Be(Block);
        request.Headers.Should().Contain("Content-Type: application/json").And.Contain("Authorization: Bearer secret");
    }

    [Test]
    public async Task The_webhook_says_what_the_server_has_against_it()
    {
        await using var server = new WebServer("503 Service Unavailable");

        var (code, errors) = Run("webhook", Block, ("WEBHOOK_URL", server.Url));

        (code, errors).Should().Be((1, "webhook: HTTP Error 503: Service Unavailable\n"));
        Run("webhook", Block).Errors.Should().StartWith("WEBHOOK_URL is not set: ");
    }

    [Test]
    public async Task A_host_is_reported_once_and_without_the_names()
    {
        await using var server = new WebServer();

        for (var i = 0; i < 2; i++)
            Report(server, Block).Should().Be((0, ""));

        var request = server.Requests.Single();
        request.Headers.Should().Contain("Key: mine");
        request.Body.Should().Contain("ip=193.0.0.1&categories=11%2C18&").And.NotContain("anna").And.NotContain("example.org");
    }

    [TestCase("\"policy\"", "\"elsewhere\"")]
    [TestCase("\"policy\"", "\"operator\"")]
    [TestCase("\"policy\"", "\"restored\"")]
    [TestCase("\"block\"", "\"unblock\"")]
    [TestCase("193.0.0.1", "193.0.0.0/24")]
    [TestCase("193.0.0.1", "10.1.2.3")]
    [TestCase("\"offenses\":4", "\"offenses\":4,\"enforced\":false")]
    public async Task What_this_machine_has_not_seen_itself_is_not_reported(string mine, string other)
    {
        await using var server = new WebServer();

        Report(server, Block.Replace(mine, other, StringComparison.Ordinal)).Should().Be((0, ""));

        server.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task One_that_was_not_taken_is_reported_when_it_comes_again()
    {
        await using (var server = new WebServer("500 Internal Server Error"))
            Report(server, Block).Should().Be((1, "abuseipdb: HTTP Error 500: Internal Server Error\n"));
        await using var mended = new WebServer();

        Report(mended, Block).Should().Be((0, ""));

        mended.Requests.Should().HaveCount(1);
    }

    [Test]
    public void Without_a_key_nothing_is_reported() =>
        Run("abuseipdb", Block)
            .Should().Be((1, "abuseipdb: ABUSEIPDB_KEY is not set: write ABUSEIPDB_KEY=... into /etc/blocksmtp/on-event.env\n"));

    [Test]
    public async Task The_digest_is_one_mail_and_then_none()
    {
        await using var server = new MailServer();
        Run("mail-digest", Block).Should().Be((0, ""));
        Run(
            "mail-digest",
            """{"time":"2026-11-23T21:07:00Z","action":"alarm","server":"mail1","hosts":812,"names":790,"usual_hosts":4,"dropped":7}""")
            .Should().Be((0, ""));

        Send(server).Should().Be((0, ""));
        Send(server).Should().Be((0, ""));

        server.Recipients.Should().Equal("RCPT TO:<admin@example.org>".ToLowerInvariant());
        var mail = server.Mails.Single();
        mail.Should().Contain("1 blocks, 0 releases, 1 alarms").And.Contain("and 7 more events")
            .And.Contain("193.0.0.1  until 2026-11-23T21:00:05Z: 4 wrong names")
            .And.Contain("812 hosts guess together").And.Contain("Auto-Submitted: auto-generated").And.NotContain("anna");
    }

    [Test]
    public async Task A_digest_that_no_server_takes_is_sent_with_the_next()
    {
        Run("mail-digest", Block).Should().Be((0, ""));
        Run("mail-digest --send", "", ("MAIL_SERVER", "127.0.0.1:1")).ExitCode.Should().Be(1);
        await using var server = new MailServer();

        Send(server).Should().Be((0, ""));

        server.Mails.Should().HaveCount(1);
    }

    [Test]
    public async Task A_digest_of_which_a_line_is_torn_is_sent_with_the_rest()
    {
        Run("mail-digest", Block).Should().Be((0, ""));
        File.AppendAllText(_folder["digest.jsonl"], """{"time":"2026-11-23T18:00:06Z","action":"blo""");
        Run("mail-digest", Block.Replace("193.0.0.1", "193.0.0.2", StringComparison.Ordinal)).Should().Be((0, ""));
        File.AppendAllText(_folder["digest.jsonl"], "7\n{}\n[]\n{\"action\":\"block\"}\n\u00e9\n");
        await using var server = new MailServer();

        Send(server).Should().Be((0, ""));
        Send(server).Should().Be((0, ""));

        server.Mails.Single().Should().Contain("2 blocks, 0 releases").And.Contain("193.0.0.1  until").And.Contain("193.0.0.2  until")
            .And.Contain("and 6 that cannot be read");
    }

    [Test]
    public async Task Reports_at_once_forget_nobody()
    {
        await using var server = new WebServer();
        string Of(int host) => Block.Replace("193.0.0.1", $"193.0.0.{host}", StringComparison.Ordinal);

        await Task.WhenAll(Enumerable.Range(1, 12).Select(host => Task.Run(() => Report(server, Of(host)).Should().Be((0, "")))));

        foreach (var host in Enumerable.Range(1, 12))
            Report(server, Of(host)).Should().Be((0, ""));
        server.Requests.Should().HaveCount(12, "each is known to have been reported");
    }

    private (int ExitCode, string Errors) Report(WebServer server, string json) =>
        Run("abuseipdb", json, ("ABUSEIPDB_KEY", "mine"), ("ABUSEIPDB_URL", server.Url));

    private (int ExitCode, string Errors) Send(MailServer server) =>
        Run(
            "mail-digest --send", "", ("MAIL_SERVER", server.Address), ("MAIL_TO", "admin@example.org"),
            ("MAIL_FROM", "blocksmtp@example.org"));

    private (int ExitCode, string Errors) Run(string command, string input, params (string Name, string Value)[] environment)
    {
        var words = command.Split(' ');
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "packaging", "hooks", words[0]), words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        start.Environment["STATE_DIRECTORY"] = _folder["."];
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
