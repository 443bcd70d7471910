using System.Globalization;
using System.Text.Json;
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

        await Eventually.IsTrue(() => Status(daemon).TryGetProperty("log_position", out var position) && position.GetInt64() == lines.Length, "all whole lines are read");
        var status = Status(daemon);
        status.GetProperty("log").GetString().Should().Be(daemon.Log);
        status.GetProperty("log_size").GetInt64().Should().Be(new FileInfo(daemon.Log).Length);
        status.GetProperty("log_behind").GetInt64().Should().Be(new FileInfo(daemon.Log).Length - lines.Length, "half a line is not handed out");
        status.GetProperty("last_read").GetDateTimeOffset().Should().BeBefore(DateTimeOffset.UtcNow);
        daemon.Ask("status").Output.Should().Contain($"{daemon.Log}, read to byte {lines.Length} of {new FileInfo(daemon.Log).Length}, {new FileInfo(daemon.Log).Length - lines.Length} bytes behind");

        await File.AppendAllTextAsync(daemon.Log, " line\n");

        await Eventually.IsTrue(() => daemon.Ask("status").Output.Contains($"read to its end (byte {new FileInfo(daemon.Log).Length} of {new FileInfo(daemon.Log).Length})", StringComparison.Ordinal), "the rest is read");
    }

    [Test]
    public async Task Top_shows_once_who_guesses_and_what_came_of_it()
    {
        await using var daemon = await DryRunDaemon.StartAsync();
        await File.AppendAllTextAsync(daemon.Log, Guesses(7, 4, "203.0.113.20") + Guesses(8, 1, "203.0.113.21"));
        await daemon.Says("blocked 203.0.113.20");
        daemon.Ask("unblock", "203.0.113.20").ExitCode.Should().Be(0);
        await Eventually.IsTrue(() => daemon.Ask("top", "--once").Output.Contains("203.0.113.21", StringComparison.Ordinal), "the second host is seen");

        var (code, output, errors) = daemon.Ask("top", "--once");

        (code, errors).Should().Be((0, ""));
        var lines = output.Split('\n');
        lines[1].Should().MatchRegex(@"^203\.0\.113\.20 +4$");
        lines[2].Should().MatchRegex(@"^203\.0\.113\.21 +1$");
        lines.Should().ContainMatch("* block       203.0.113.20 * 4 ahead, more than 3");
        lines.Should().ContainMatch("* unblock     203.0.113.20 * requested");
        daemon.Errors.Should().Contain("released 203.0.113.20: requested\n");
    }

    [Test]
    public async Task A_reload_takes_a_lower_threshold_and_guesses_of_before_count()
    {
        await using var daemon = await DryRunDaemon.StartAsync("max-offenses = 9\n");
        await File.AppendAllTextAsync(daemon.Log, Guesses(7, 5, "203.0.113.20"));
        await Eventually.IsTrue(() => daemon.Ask("why", "203.0.113.20").Output.Contains("5 wrong guesses", StringComparison.Ordinal), "five guesses are known");

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
        await using var daemon = await DryRunDaemon.StartAsync("reconcile = 60d\nmax-cmd-read = 60d\nblock-time = 36500d\noffense-window = 36500d\nmax-offenses = 1\n");
        await File.AppendAllTextAsync(daemon.Log, Guesses(7, 2, "203.0.113.20"));
        await daemon.Says("blocked 203.0.113.20");
    }

    [TestCase("own", "<6>blocksmtp: ready: ")]
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
        return new LogText().Day(now.ToString("MMM dd", CultureInfo.InvariantCulture)).At(now.ToString("HH:mm:ss", CultureInfo.InvariantCulture))
            .Unknown(process, count).End(process, host).ToString();
    }
}
