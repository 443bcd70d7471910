using System.Net;
using BlockSmtp.Sqlite;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>What a daemon that does not run any more has left.</summary>
public sealed class StoppedDaemonTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public async Task LeaveState()
    {
        _folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        using var store = new SqliteBlockStore(new() { Directory = _folder["state"] });
        await store.LoadAsync(default);
        await store.CommitAsync(
            new StateChange
            {
                Time = now,
                Blocks =
                [
                    new(new Block(
                        IPNetwork.Parse("203.0.113.20/32"), now.AddMinutes(-1), now.AddHours(3), 4, "more than 3 wrong guesses within 1d")),
                    new(
                        new Block(IPNetwork.Parse("203.0.113.21/32"), now.AddHours(-5), now.AddHours(-2), 4, "of old"),
                        now.AddHours(-2),
                        ReleaseReason.Expired),
                    new(new Block(IPNetwork.Parse("198.51.100.0/24"), now.AddHours(-5), now.AddHours(-2), 0, "all of it"), now.AddHours(-2),
                        ReleaseReason.Requested),
                ],
                Offenses = [new(
                    IPAddress.Parse("203.0.113.22"),
                    [OffenseOf("203.0.113.22", "<anna@example.org>", now), OffenseOf("203.0.113.22", "<bob@example.org>", now)])],
            },
            default);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Who_is_blocked_is_listed_and_it_is_said_that_no_daemon_runs()
    {
        var (code, output, errors) = Ask("list");

        code.Should().Be(0);
        output.Should().Contain("203.0.113.20 ").And.NotContain("203.0.113.21");
        errors.Should().Be($"blocksmtp: no daemon listens on '{_folder["none"]}': this is what it has left in '{_folder["state"]}'\n");
    }

    [Test]
    public void History_tells_of_both_and_how_they_ended()
    {
        var lines = Ask("history").Output.Split('\n');
        lines.Should().ContainMatch("*203.0.113.20*in force*more than 3 wrong guesses within 1d");
        lines.Should().ContainMatch("*203.0.113.21*expired*of old");
    }

    [Test]
    public void Why_tells_of_a_block_and_of_earlier_ones()
    {
        Ask("why", "203.0.113.20").Output.Should().Contain("203.0.113.20 is blocked until").And.Contain("after 4 wrong guesses")
            .And.Contain("never blocked before");
        Ask("why", "203.0.113.21").Output.Should().Contain("203.0.113.21 is not blocked\n").And.Contain("blocked once before")
            .And.Contain("expired: of old");
    }

    [Test]
    public void Why_names_the_network_of_an_earlier_block_and_takes_a_network()
    {
        Ask("why", "198.51.100.7").Output
            .Should().MatchRegex(@"UTC as part of 198\.51\.100\.0/24, 0 wrong guesses, unblocked: all of it\n");
        Ask("why", "198.51.100.0/24").Output.Should().StartWith("198.51.100.0/24 is not blocked as a whole\n")
            .And.Contain("blocked once before").And.NotContain("as part of");
        Ask("why", "203.0.113.0/24").Output.Should().Contain("one host or network is blocked by itself\n    203.0.113.20 until ");
        Ask("why", "--json", "198.51.100.7").Output.Should().Contain("\"earlier\":[{\"address\":\"198.51.100.0/24\",");
    }

    [Test]
    public void Why_tells_of_guesses_that_did_not_suffice()
    {
        var output = Ask("why", "203.0.113.22").Output;
        output.Should().Contain("203.0.113.22 is not blocked\n").And.Contain("2 wrong guesses that did not suffice")
            .And.Contain("<anna@example.org>, <bob@example.org>");
    }

    [Test]
    public void Why_tells_which_line_of_the_configured_white_list_trusts_it()
    {
        var list = _folder.Write("white", "# ours\n198.51.100.0/24\n");
        var file = _folder.Write("blocksmtp.conf", $"white-list = {list}\n");

        Ask("why", "198.51.100.7", $"--config={file}").Output.Should().StartWith(
            $"198.51.100.7 is not blocked and never will be: white-listed by 198.51.100.0/24 ({list}:2)\n");
        Ask("why", "203.0.113.22", $"--config={file}").Output.Should().StartWith("203.0.113.22 is not blocked\n");
    }

    [Test]
    public void A_white_list_that_is_wrong_hides_nothing_of_the_rest()
    {
        var list = _folder.Write("white", "localhost\n");

        var (code, output, errors) = Ask("why", "203.0.113.20", $"--white-list={list}");

        code.Should().Be(0);
        output.Should().StartWith("203.0.113.20 is blocked until");
        errors.Should().Contain($"blocksmtp: without the white-list, as {list}:1: 'localhost' is not a network address\n");
    }

    [Test]
    public void What_changes_something_needs_a_daemon() =>
        Tool.Run("unblock", "203.0.113.20", $"--control-socket={_folder["none"]}").ExitCode.Should().Be(69);

    private (int ExitCode, string Output, string Errors) Ask(string command, params string[] arguments) =>
        Tool.Run([command, $"--control-socket={_folder["none"]}", $"--state-dir={_folder["state"]}", .. arguments]);

    private static Offense OffenseOf(string host, string name, DateTimeOffset time) =>
        new(IPAddress.Parse(host), time, OffenseKind.UnknownRecipient) { Recipient = name };
}
