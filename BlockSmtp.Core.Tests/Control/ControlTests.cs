using System.Net;
using System.Text;
using BlockSmtp.Control;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Control;

/// <summary>What a client asks is done, and what is wrong with a request is said.</summary>
public sealed class ControlTests : ControlFixture
{
    /// <summary>What the log says that users have asked for.</summary>
    private List<string> Asked => [.. Running.Log.Entries.Where(entry => entry.Id == 1203).Select(entry => entry.Message)];

    [Test]
    public async Task Who_is_blocked_is_listed_and_explained_with_what_he_tried()
    {
        await Running.Engine.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, "203.0.113.20"));
        await using var client = await Running.ConnectAsync();

        (await client.GetBlocksAsync()).Should().ContainSingle().Which.Network.Should().Be(IPNetwork.Parse("203.0.113.20/32"));
        var (explanation, earlier) = await client.ExplainAsync(IPAddress.Parse("203.0.113.20"));

        earlier.Should().BeNull("no history is kept here");
        explanation.Block!.Offenses.Should().Be(4);
        explanation.Block.Evidence!.Recipients.Should().Equal(
            "<name0@example.org>", "<name1@example.org>", "<name2@example.org>", "<name3@example.org>");
        explanation.Block.Evidence.Source.Should().Be(PeerSource.LaterLine);
    }

    [Test]
    public async Task What_did_not_suffice_for_a_block_is_told_too()
    {
        await Running.Engine.Log.WriteAsync(new LogText().Unknown(7, 2).End(7, "203.0.113.21"));
        await using var client = await Running.ConnectAsync();

        var (explanation, _) = await client.ExplainAsync(IPAddress.Parse("203.0.113.21"));

        explanation.Block.Should().BeNull();
        explanation.Offenses.Select(offense => offense.Recipient).Should().Equal("<name0@example.org>", "<name1@example.org>");
    }

    [Test]
    public async Task A_trusted_host_is_explained_by_the_line_of_the_white_list()
    {
        await using var client = await Running.ConnectAsync();

        var (explanation, _) = await client.ExplainAsync(IPAddress.Parse("198.51.100.7"));

        explanation.Trusted.Should().Be("white-listed by 198.51.100.0/24");
        explanation.TrustedAt.Should().Be("white:2");
    }

    [Test]
    public async Task A_network_is_blocked_and_explains_its_hosts_until_it_is_unblocked()
    {
        await using var client = await Running.ConnectAsync();

        var block = await client.BlockAsync(IPNetwork.Parse("203.0.113.0/24"), TimeSpan.FromHours(1), "ticket \u001b[31m4711");

        block.Reason.Should().StartWith("ticket ?[31m4711 (by ");
        block.Until.Should().Be(Running.Engine.Time.GetUtcNow() + TimeSpan.FromHours(1));
        await Running.Engine.Firewall.UntilBlocked("203.0.113.0");
        (await client.ExplainAsync(IPAddress.Parse("203.0.113.99"))).Explanation.Block.Should().Be(block);
        var single = () => client.UnblockAsync(IPNetwork.Parse("203.0.113.99/32"));
        (await single.Should().ThrowAsync<ControlException>()).Which.Message.Should().Be(
            "203.0.113.99 is not blocked by itself but by 203.0.113.0/24: unblock that");

        await client.UnblockAsync(IPNetwork.Parse("203.0.113.0/24"));

        await Running.Engine.Firewall.UntilBlocked();
    }

    [TestCase("198.51.100.7/32", "198.51.100.7 is never blocked: white-listed by 198.51.100.0/24")]
    [TestCase("198.51.0.0/16", "198.51.0.0/16 is never blocked: white-listed by 198.51.100.0/24")]
    [TestCase("0.0.0.0/0", "0.0.0.0/0 is never blocked: white-listed by 198.51.100.0/24")]
    [TestCase("::1/128", "::1 is never blocked: it is the mail server itself")]
    public async Task What_is_trusted_is_not_blocked_whoever_asks(string network, string message)
    {
        await using var client = await Running.ConnectAsync();
        var blocking = () => client.BlockAsync(IPNetwork.Parse(network));

        var refused = (await blocking.Should().ThrowAsync<ControlException>()).Which;

        (refused.Code, refused.Message).Should().Be((ControlErrorCode.Trusted, message));
        Running.Engine.Engine.Blocks.Should().BeEmpty();
    }

    [Test]
    public async Task Everybody_can_be_unblocked_at_once()
    {
        await using var client = await Running.ConnectAsync();
        for (var host = 1; host <= 50; host++)
            await client.BlockAsync(IPNetwork.Parse($"203.0.113.{host}/32"));

        (await client.UnblockAllAsync()).Should().Be(50);

        (await client.GetBlocksAsync()).Should().BeEmpty();
        Asked[^1].Should().EndWith("has asked for: unblock all");
    }

    [TestCase("""{"version":1,"command":"unblock"}""", "the request lacks network")]
    [TestCase("""{"version":1,"command":"unblock","all":true,"network":"203.0.113.1"}""", "network or all")]
    public async Task Whom_to_unblock_must_be_clear_or_nobody_is_and_nothing_is_logged(string line, string message)
    {
        await using var client = await Running.ConnectAsync();
        await client.BlockAsync(IPNetwork.Parse("203.0.113.1/32"));
        await client.BlockAsync(IPNetwork.Parse("203.0.113.2/32"));

        (await Running.SayAsync(Encoding.UTF8.GetBytes(line + "\n"))).Should().Contain("bad_request").And.Contain(message);

        (await client.GetBlocksAsync()).Should().HaveCount(2);
        Asked.Should().HaveCount(2).And.NotContain(asked => asked.Contains("unblock", StringComparison.Ordinal));
    }

    [Test]
    public async Task Status_counts_what_the_engine_does()
    {
        await Running.Engine.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, "203.0.113.20"));
        await using var client = await Running.ConnectAsync();

        var status = await client.GetStatusAsync();

        status.Daemon.ProcessId.Should().Be(Environment.ProcessId);
        status.Engine.StartedAt.Should().Be(Running.Engine.Time.GetUtcNow());
        (status.Engine.Counters.Lines, status.Engine.Counters.Offenses, status.Engine.Blocks, status.Engine.TrustedNetworks).Should().Be(
            (5L, 4L, 1, 1));
        status.Engine.LinesPerSecond.Should().Be(5);
    }

    [Test]
    public async Task Activity_tells_events_once_and_the_worst_hosts_first()
    {
        await Running.Engine.Log.WriteAsync(new LogText().Unknown(7, 1).End(7, "203.0.113.21").Unknown(8, 4).End(8, "203.0.113.20"));
        await using var client = await Running.ConnectAsync();

        var first = await client.GetActivityAsync();

        first.Events.Should().ContainSingle().Which.Action.Should().Be("block");
        Running.Activity.Report(0).Events.Should().HaveCount(1);
        (await client.GetActivityAsync(first.Last)).Events.Should().BeEmpty();
    }

    [TestCase("", "bad_request", "no JSON object")]
    [TestCase("hello", "bad_request", "no JSON object")]
    [TestCase("null", "bad_request", "null is no request")]
    [TestCase("[]", "bad_request", "no JSON object")]
    [TestCase("{}", "bad_request", "lacks version")]
    [TestCase("""{"version":1}""", "bad_request", "no such command")]
    [TestCase("""{"version":2,"command":"status"}""", "bad_request", "speaks version 1 and not 2")]
    [TestCase("""{"version":1,"command":"reboot"}""", "bad_request", "no such command")]
    [TestCase("""{"version":1,"command":"why"}""", "bad_request", "lacks address")]
    [TestCase("""{"version":1,"command":"why","address":"203.0.113.0/24"}""", "bad_request", "$.address has a value that it does not take")]
    [TestCase("""{"version":1,"command":"why","address":"localhost"}""", "bad_request", "$.address")]
    [TestCase("""{"version":1,"command":"block","network":17}""", "bad_request", "$.network")]
    [TestCase("""{"version":1,"command":"block","network":"203.0.113.1","for_seconds":0}""", "bad_request", "for_seconds")]
    [TestCase("""{"version":1,"command":"block","network":"203.0.113.1","for_seconds":1e300}""", "bad_request", "for_seconds")]
    [TestCase("""{"version":1,"command":"block","network":"203.0.113.1","for_seconds":-1}""", "bad_request", "for_seconds")]
    [TestCase("""{"version":1,"command":"unblock"}""", "bad_request", "lacks network")]
    [TestCase("""{"version":1,"command":"unblock","network":"203.0.113.1"}""", "not_blocked", "203.0.113.1 is not blocked")]
    [TestCase("""{"version":1,"command":"history"}""", "no_history", "keeps no history")]
    [TestCase("""{"version":1,"command":"reload"}""", "failed", "no configuration")]
    public async Task A_request_that_is_not_right_is_answered(string line, string code, string message)
    {
        var reply = await Running.SayAsync(Encoding.UTF8.GetBytes(line + "\n"));

        reply.Should().StartWith($$"""{"version":1,"ok":false,"error":{"code":"{{code}}","message":""").And.Contain(message)
            .And.EndWith("}}\n");
        reply.Count(letter => letter == '\n').Should().Be(1);
    }

    [Test]
    public async Task Unknown_members_are_ignored_and_several_requests_may_come_at_once()
    {
        var reply = await Running.SayAsync(
            "{\"version\":1,\"command\":\"list\",\"colour\":{\"deep\":[1,2]}}\n{\"version\":1,\"command\":\"list\"}\n"u8.ToArray());

        reply.Should().Be("{\"version\":1,\"ok\":true,\"blocks\":[]}\n{\"version\":1,\"ok\":true,\"blocks\":[]}\n");
    }
}
