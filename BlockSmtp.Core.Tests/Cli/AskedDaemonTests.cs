using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>The commands that ask a running daemon.</summary>
public sealed class AskedDaemonTests
{
    [Test]
    public async Task Status_tells_how_far_the_log_is_read()
    {
        await using var daemon = await DryRunDaemon.StartAsync();
        var lines = Guesses(7, 2, "203.0.113.20");

        await File.AppendAllTextAsync(daemon.Log, lines + "Nov 25 12:00:00 mail1 sm-mta[7]: half a");

        await Eventually.IsTrue(
            () => Status(daemon).TryGetProperty("log_position", out var position) && position.GetInt64() == lines.Length,
            "all whole lines are read");
        var status = Status(daemon);
        status.GetProperty("log").GetString().Should().Be(daemon.Log);
        status.GetProperty("log_size").GetInt64().Should().Be(new FileInfo(daemon.Log).Length);
        status.GetProperty("log_behind").GetInt64()
            .Should().Be(new FileInfo(daemon.Log).Length - lines.Length, "half a line is not handed out");
        status.GetProperty("last_read").GetDateTimeOffset().Should().BeBefore(DateTimeOffset.UtcNow);
        daemon.Ask("status").Output.Should().Contain($"{daemon.Log}, read to byte {lines.Length} of {new FileInfo(daemon.Log).Length}, "
            + $"{new FileInfo(daemon.Log).Length - lines.Length} bytes behind");

        await File.AppendAllTextAsync(daemon.Log, " line\n");

        await Eventually.IsTrue(
            () => daemon.Ask("status").Output.Contains(
                $"read to its end (byte {new FileInfo(daemon.Log).Length} of {new FileInfo(daemon.Log).Length})", StringComparison.Ordinal),
            "the rest is read");
    }

    [Test]
    public async Task Top_shows_once_who_guesses_and_what_came_of_it()
    {
        await using var daemon = await DryRunDaemon.StartAsync();
        await File.AppendAllTextAsync(daemon.Log, Guesses(7, 4, "203.0.113.20") + Guesses(8, 1, "203.0.113.21"));
        await daemon.Says("blocked 203.0.113.20");
        daemon.Ask("unblock", "203.0.113.20").ExitCode.Should().Be(0);
        await Eventually.IsTrue(
            () => daemon.Ask("top", "--once").Output.Contains("203.0.113.21", StringComparison.Ordinal), "the second host is seen");

        var (code, output, errors) = daemon.Ask("top", "--once");

        (code, errors).Should().Be((0, ""));
        var lines = output.Split('\n');
        lines[1].Should().MatchRegex(@"^203\.0\.113\.20 +4$");
        lines[2].Should().MatchRegex(@"^203\.0\.113\.21 +1$");
        lines.Should().ContainSingle(line =>
            Regex.IsMatch(line, @"^20\d\d-\d\d-\d\d \S+ UTC  blocked +203\.0\.113\.20 .* 4 ahead, more than 3$"));
        lines.Should().ContainSingle(line =>
            Regex.IsMatch(line, @"^20\d\d-\d\d-\d\d \S+ UTC  let in +203\.0\.113\.20 +somebody has asked for it$"));
        daemon.Ask("block", "203.0.113.21").ExitCode.Should().Be(0);
        daemon.Ask("top", "--once").Output.Should().MatchRegex(@"(?m)^203\.0\.113\.21 +1  blocked$");
        daemon.Errors.Should().Contain("released 203.0.113.20: requested\n");
    }

    [Test]
    public async Task Top_shows_a_page_in_a_terminal_until_q_is_typed()
    {
        Requires.Tool("script");
        await using var daemon = await DryRunDaemon.StartAsync();
        var start = new ProcessStartInfo(
            "script", ["--quiet", "--flush", "--return", "--command", $"{Tool.Path} top --control-socket={daemon.Socket}", "/dev/null"]);
        start.Environment["TERM"] = "xterm";
        await using var top = new RunningProgram(start, input: true);
        await top.UntilItSays("q ends");

        top.Type("xq");

        (await top.EndsAsync()).Should().Be(0);
        top.Said.Should().Contain("\u001b[?1049h", "it has a page of its own").And.Contain("\u001b[?1049l", "which is gone");
    }

    [Test]
    public async Task What_nothing_has_changed_of_is_read_again_without_a_word_about_an_option()
    {
        await using var daemon = await DryRunDaemon.StartAsync("max-offenses = 1\n");
        daemon.Ask("reload").Output.Should().StartWith("no option has changed\n");
        await daemon.Says("the configuration was read again; no option has another value; the white-list has 0 networks");
    }

    [Test]
    public async Task A_daemon_without_a_socket_is_reloaded_by_the_signal_of_its_service_manager()
    {
        await using var daemon = await DryRunDaemon.StartAsync("max-offenses = 1\n");
        string[] reload = [$"MAINPID={daemon.ProcessId}", Tool.Path, "reload", "--control-socket=none", $"--config={daemon.Configuration}"];

        Command.Try("env", reload)
            .Should().Be((0, "the daemon has no control socket and was sent SIGHUP: its log tells what comes of it\n", ""));
        await daemon.Says("the configuration was read again");
        File.WriteAllText(daemon.Configuration, "block-time = soon\n");
        var (code, _, errors) = Command.Try("env", reload);

        errors.Should().StartWith($"blocksmtp: {daemon.Configuration}:1: block-time: 'soon' is not a duration");
        code.Should().Be(78);
    }

    [Test]
    public async Task A_reload_of_a_wrong_white_list_says_what_it_looks_like()
    {
        using var folder = new TemporaryFolder();
        var list = folder.Write("white", "192.0.2.7\n");
        await using var daemon = await DryRunDaemon.StartAsync($"white-list = {list}\n");
        File.WriteAllText(list, "192.0.2.*\nlocalhost\n");

        var (code, _, errors) = daemon.Ask("reload");

        errors.Should().StartWith($"blocksmtp: {list}:1: '192.0.2.*' is not a network address ({list}:1: it looks like a wildcard: ")
            .And.Contain($"write 192.0.2.0/24; {list}:2: 'localhost' ");
        code.Should().Be(78);
    }

    [Test]
    public async Task A_reload_takes_a_lower_threshold_and_guesses_of_before_count()
    {
        await using var daemon = await DryRunDaemon.StartAsync("max-offenses = 9\n");
        await File.AppendAllTextAsync(daemon.Log, Guesses(7, 5, "203.0.113.20"));
        await Eventually.IsTrue(
            () => daemon.Ask("why", "203.0.113.20").Output.Contains("5 wrong guesses", StringComparison.Ordinal), "five guesses are known");

        await File.WriteAllTextAsync(daemon.Configuration, "max-offenses = 2\n");
        daemon.Ask("reload").ExitCode.Should().Be(0);
        await File.AppendAllTextAsync(daemon.Log, Guesses(8, 1, "203.0.113.20"));

        await daemon.Says("blocked 203.0.113.20");
        daemon.Errors.Should().Contain("more than 2");
    }

    [Test]
    public async Task A_reload_of_a_wrong_configuration_changes_nothing()
    {
        await using var daemon = await DryRunDaemon.StartAsync("max-offenses = 1\n");
        await File.WriteAllTextAsync(daemon.Configuration, "max-offenses = 100\nblock-time = soon\n");

        // Asked for without the wrong file: a command that is given one refuses it by itself.
        var (code, _, errors) = Tool.Run("reload", $"--control-socket={daemon.Socket}");

        errors.Should().Contain($"{daemon.Configuration}:2: block-time: 'soon' is not a duration");
        code.Should().Be(78);
        await File.AppendAllTextAsync(daemon.Log, Guesses(7, 2, "203.0.113.20"));
        await daemon.Says("blocked 203.0.113.20");
    }

    [TestCase("white-list =\n", "white-list: '' is not a file")]
    [TestCase("journal =\n", "journal: '' is not the name of a unit")]
    [TestCase("nonsense\n", "blocksmtp.conf:1: ")]
    public async Task A_hang_up_with_whatever_configuration_ends_nothing(string configuration, string mistake)
    {
        await using var daemon = await DryRunDaemon.StartAsync("max-offenses = 1\n");
        await File.WriteAllTextAsync(daemon.Configuration, configuration);

        daemon.HangUp();

        await daemon.Says(mistake);
        await File.AppendAllTextAsync(daemon.Log, Guesses(7, 2, "203.0.113.20"));
        await daemon.Says("blocked 203.0.113.20");
    }

    [Test]
    public async Task A_time_longer_than_any_timer_is_taken()
    {
        await using var daemon = await DryRunDaemon.StartAsync(
            "reconcile = 60d\nmax-cmd-read = 60d\nblock-time = 36500d\noffense-window = 36500d\nmax-offenses = 1\n");
        await File.AppendAllTextAsync(daemon.Log, Guesses(7, 2, "203.0.113.20"));
        await daemon.Says("blocked 203.0.113.20");
    }

    [TestCase("own", "<6>ready: ")]
    [TestCase("other", "blocksmtp: ready: ")]
    [TestCase("none", "blocksmtp: ready: ")]
    public async Task Lines_have_priorities_only_where_standard_error_is_the_journal(string journal, string beginning)
    {
        await using var daemon = await DryRunDaemon.StartAsync(journal: journal);
        daemon.Errors.Split('\n').Should().ContainSingle(line => line.Contains("ready: ")).Which.Should().StartWith(beginning);
    }

    private static JsonElement Status(DryRunDaemon daemon) => JsonDocument.Parse(daemon.Ask("status", "--json").Output).RootElement;

    /// <summary>Stamped with the present, as what has lain for a while happened when its stamp says.</summary>
    private static string Guesses(int process, int count, string host)
    {
        var now = DateTimeOffset.Now;
        return new LogText().Day(now.ToString("MMM dd", CultureInfo.InvariantCulture))
            .At(now.ToString("HH:mm:ss", CultureInfo.InvariantCulture))
            .Unknown(process, count).End(process, host).ToString();
    }
}
