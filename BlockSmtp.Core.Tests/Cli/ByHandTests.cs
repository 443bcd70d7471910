using System.Text.Json;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>
/// What an administrator does by hand: each verb does what it can, says what came of it, and its code tells whether all was done.
/// </summary>
[NonParallelizable]
public sealed class ByHandTests
{
    private DryRunDaemon _daemon = null!;

    [OneTimeSetUp]
    public async Task Start() => _daemon = await DryRunDaemon.StartAsync($"white-list = {White()}\n");

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        File.Delete(White());
    }

    [SetUp]
    public void LetEverybodyIn() => _daemon.Ask("unblock", "--all").ExitCode.Should().Be(0);

    [Test]
    public void Whoever_lets_everybody_in_hears_how_many_they_were()
    {
        _daemon.Ask("unblock", "--all").Should().Be((0, "nobody was blocked\n", ""));
        _daemon.Ask("block", "203.0.113.1").ExitCode.Should().Be(0);
        _daemon.Ask("unblock", "--all").Should().Be((0, "the one that was blocked is let in again\n", ""));
        _daemon.Ask("block", "203.0.113.1", "203.0.113.3").ExitCode.Should().Be(0);
        _daemon.Ask("unblock", "--all").Should().Be((0, "2 are let in again\n", ""));
    }

    [Test]
    public void Of_many_each_is_let_in_that_can_be_and_the_others_are_named()
    {
        _daemon.Ask("block", "203.0.113.1", "203.0.113.3").ExitCode.Should().Be(0);

        var (code, output, errors) = _daemon.Ask("unblock", "203.0.113.1", "203.0.113.2", "203.0.113.3");

        output.Should().Be("203.0.113.1 is let in again\n203.0.113.3 is let in again\n");
        errors.Should().Be("blocksmtp: 203.0.113.2 is not blocked\n");
        code.Should().Be(69);
    }

    [Test]
    public void Of_many_each_is_blocked_that_may_be_and_the_worst_code_is_returned()
    {
        var (code, output, errors) = _daemon.Ask("block", "192.0.2.7", "203.0.113.4");

        output.Should().StartWith("203.0.113.4 is blocked until ").And.EndWith("; undo it with: blocksmtp unblock 203.0.113.4\n");
        errors.Should().Be("blocksmtp: 192.0.2.7 is never blocked: white-listed by 192.0.2.0/24\n");
        code.Should().Be(77);
    }

    [Test]
    public void A_host_that_a_wider_block_still_keeps_out_is_not_said_to_be_let_in()
    {
        _daemon.Ask("block", "198.51.100.7", "198.51.0.0/16").ExitCode.Should().Be(0);

        var (code, output, errors) = _daemon.Ask("unblock", "198.51.100.7");

        output.Should().MatchRegex(
            @"^198\.51\.100\.7 is not let in: its own block has ended, but 198\.51\.0\.0/16 is blocked until \S+ \S+ UTC: "
            + @"blocksmtp unblock 198\.51\.0\.0/16\n$");
        (code, errors).Should().Be((69, ""));
        _daemon.Ask("unblock", "198.51.0.0/16").Should().Be((0, "198.51.0.0/16 is let in again\n", ""));
    }

    [Test]
    public void Whoever_lets_a_network_in_hears_who_in_it_stays_blocked()
    {
        _daemon.Ask("block", "203.0.113.0/24", "203.0.113.5", "203.0.113.6").ExitCode.Should().Be(0);

        _daemon.Ask("unblock", "203.0.113.0/24")
            .Should().Be(
                (0, "203.0.113.0/24 is let in again, but 2 hosts and networks in it stay blocked: blocksmtp why 203.0.113.0/24\n", ""));
        var (code, _, errors) = _daemon.Ask("unblock", "203.0.113.0/24");

        errors.Should().Be("blocksmtp: 203.0.113.0/24 is not blocked as a whole, but 2 hosts and networks in it are: unblock them\n");
        code.Should().Be(69);
        _daemon.Ask("why", "203.0.113.0/24").Output.Should().StartWith("203.0.113.0/24 is not blocked as a whole\n")
            .And.Contain("    203.0.113.5 until ").And.Contain("    203.0.113.6 until ");
    }

    [Test]
    public void A_longer_block_is_shortened_only_where_that_is_said()
    {
        _daemon.Ask("block", "--for=5d", "--reason=ticket 4711", "203.0.113.8").ExitCode.Should().Be(0);

        var (code, output, _) = _daemon.Ask("block", "--for=1m", "203.0.113.8");

        output.Should().StartWith("203.0.113.8 is blocked for longer already, until ").And.EndWith(
            ", and stays so; --shorten has it end sooner\n");
        code.Should().Be(0);
        _daemon.Ask("why", "203.0.113.8").Output.Should().Contain("(4d23h left): ticket 4711 (by ");
        _daemon.Ask("block", "--for=1m", "--shorten", "203.0.113.8").ExitCode.Should().Be(0);
        _daemon.Ask("why", "203.0.113.8").Output.Should().MatchRegex(@"\(\d+s left\): by hand \(");
    }

    [Test, Category(Needs.Root)]
    public void Who_has_blocked_by_hand_is_told_by_name()
    {
        Requires.Root();
        Command.Try("env", "-u", "SUDO_USER", Tool.Path, "block", "203.0.113.9", $"--control-socket={_daemon.Socket}").ExitCode
            .Should().Be(0);
        Command.Try(
            "env", "SUDO_USER=anna", Tool.Path, "block", "203.0.113.10", "--reason=spam", $"--control-socket={_daemon.Socket}").ExitCode
                .Should().Be(0);

        _daemon.Ask("why", "203.0.113.9").Output.Should().Contain("left): by hand (root)\n");
        _daemon.Ask("why", "203.0.113.10").Output.Should().Contain("left): spam (by anna as root)\n");
        _daemon.Errors.Should().Contain("user anna as root has asked for: block 203.0.113.10 for 3h");
    }

    [Test]
    public void A_block_for_good_is_shown_as_such_and_the_columns_hold()
    {
        _daemon.Ask("block", "--for=forever", "203.0.113.11").Output.Should().StartWith("203.0.113.11 is blocked for good; ");
        _daemon.Ask("block", "--for=9999d", "203.0.113.12").ExitCode.Should().Be(0);
        _daemon.Ask("block", "--for=1m", "203.0.113.13").ExitCode.Should().Be(0);

        var lines = _daemon.Ask("list").Output.TrimEnd().Split('\n');

        lines.Should().HaveCount(4);
        lines[1].Should().MatchRegex(@"^203\.0\.113\.11  for good +-  ");
        lines.Select(line =>
            line.IndexOf(line.StartsWith("address", StringComparison.Ordinal) ? "reason" : "by hand", StringComparison.Ordinal)).Distinct()
                .Should().ContainSingle();
        _daemon.Ask("top", "--once").Output.Should().MatchRegex(@"UTC  blocked +203\.0\.113\.11 +for good: by hand");
        _daemon.Ask("why", "203.0.113.11").Output.Should().StartWith("203.0.113.11 is blocked for good: by hand");
        JsonDocument.Parse(_daemon.Ask("why", "--json", "203.0.113.11").Output).RootElement.GetProperty("block").GetProperty(
            "for_good").GetBoolean().Should().BeTrue();
    }

    [Test]
    public void Why_answers_a_program_too()
    {
        _daemon.Ask("block", "203.0.113.0/24", "203.0.113.14").ExitCode.Should().Be(0);

        var host = Json("203.0.113.99");
        host.GetProperty("address").GetString().Should().Be("203.0.113.99");
        host.GetProperty("blocked").GetBoolean().Should().BeTrue();
        host.GetProperty("block").GetProperty("address").GetString().Should().Be("203.0.113.0/24");
        host.GetProperty("pending").GetArrayLength().Should().Be(0);
        var network = Json("203.0.113.0/24");
        network.GetProperty("within").EnumerateArray().Should().ContainSingle().Which.GetProperty("address").GetString()
            .Should().Be("203.0.113.14");
        var trusted = Json("192.0.2.7");
        trusted.GetProperty("blocked").GetBoolean().Should().BeFalse();
        trusted.GetProperty("trusted").GetString().Should().Be("white-listed by 192.0.2.0/24");
        trusted.GetProperty("trusted_at").GetString().Should().Be($"{White()}:1");
        _daemon.Ask("why", "192.0.0.0/16").Output
            .Should().StartWith($"192.0.0.0/16 is not blocked as a whole and never will be: white-listed by 192.0.2.0/24 ({White()}:1)\n");

        JsonElement Json(string address) => JsonDocument.Parse(_daemon.Ask("why", "--json", address).Output).RootElement;
    }

    [TestCase("ban", "did you mean 'block'?")]
    [TestCase("unban", "did you mean 'unblock'?")]
    [TestCase("banned", "did you mean 'list'?")]
    [TestCase("statsu", "did you mean 'status'?")]
    public void What_other_tools_call_it_leads_to_the_right_word(string word, string hint)
    {
        var (code, _, errors) = Tool.Run(word, "203.0.113.20");
        errors.Should().Contain(hint);
        code.Should().Be(64);
    }

    [TestCase("mail.example.org", "it looks like a host name: write its addresses, which 'getent ahosts mail.example.org' lists")]
    [TestCase("203.0.113.*", "it looks like a wildcard: write 203.0.113.0/24")]
    public void What_is_no_address_is_said_to_be_what_it_looks_like(string text, string hint)
    {
        foreach (var verb in new[] { "block", "unblock" })
        {
            var (code, _, errors) = Tool.Run(verb, text);
            errors.Should().Contain($"'{text}' is not an address or network: {hint}");
            code.Should().Be(64);
        }
    }

    [Test]
    public void Why_takes_the_name_of_a_host_and_tells_of_each_of_its_addresses()
    {
        _daemon.Ask("block", "127.0.0.1").ExitCode.Should().NotBe(0, "it is the mail server itself");

        var (code, output, _) = _daemon.Ask("why", "localhost");

        output.Should().MatchRegex(@"^localhost is .*127\.0\.0\.1").And.Contain("127.0.0.1 is not blocked");
        code.Should().Be(0);
        _daemon.Ask("why", "no-such-host.invalid").ExitCode.Should().Be(69);
    }

    [Test]
    public async Task For_whom_root_lets_somebody_in_stands_in_the_log()
    {
        _daemon.Ask("block", "203.0.113.11").ExitCode.Should().Be(0);

        Command.Try("env", "SUDO_USER=anna", Tool.Path, "unblock", "203.0.113.11", $"--control-socket={_daemon.Socket}")
            .ExitCode.Should().Be(0);
        Command.Try("env", "SUDO_USER=anna", Tool.Path, "reload", $"--control-socket={_daemon.Socket}", $"--config={_daemon.Configuration}")
            .ExitCode.Should().Be(0);

        await _daemon.Says("user anna as root has asked for: unblock 203.0.113.11");
        await _daemon.Says("user anna as root has asked for: reload");
    }

    private static string White()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "by-hand.white");
        if (!File.Exists(path))
            File.WriteAllText(path, "192.0.2.0/24  # office\n");
        return path;
    }
}
