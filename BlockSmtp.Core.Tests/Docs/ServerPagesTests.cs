using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Docs;

/// <summary>What the pages tell an administrator to type, typed on a mail server with a log in which 203.0.113.20 guesses.</summary>
[Category(Needs.Root)]
internal sealed partial class ServerPagesTests
{
    private const string Log = "/var/log/mail.log", Guesser = "203.0.113.20";

    private ServerForPages _server = null!;

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\d+h\d+m(?= left)")]
    private static partial Regex Times { get; }

    [SetUp]
    public async Task Start() => _server = await ServerForPages.StartAsync();

    [TearDown]
    public async Task End()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Test, RunsCommandsOf("README.md", "Without the package")]
    public async Task The_first_page_for_whoever_does_without_the_package()
    {
        var commands = DocumentedCommands.Of("README.md", "Without the package");
        await ReplayAndGuard(commands[0], commands[1], () => Guess("name1", "name2", "name3", "name4"));
        _server.Run("cat", "/mnt/report.html").Should().Contain(Guesser);
    }

    [Test, RunsCommandsOf("BlockSmtp.Cli/README.md")]
    public async Task The_page_of_the_tool()
    {
        var commands = DocumentedCommands.Of("BlockSmtp.Cli/README.md");
        await ReplayAndGuard(commands[0], commands[1], () => Guess("name1", "name2", "name3", "name4"));
    }

    [Test, RunsCommandsOf("docs/usage.md", "Commands that ask the daemon")]
    public async Task Why_says_what_the_page_shows()
    {
        var why = DocumentedCommands.Of("docs/usage.md", "Commands that ask the daemon").Single();
        _server.Write(Log, "");
        await using var daemon = new RunningProgram(new(_server.Prefix[0], [.. _server.Prefix[1..], "blocksmtp"]));
        await _server.DaemonIsReady();
        await Guess("anna", "bob", "carl", "dora");

        // There is no sendmail here whose connection could be asked.
        Times.Replace(why.Run(_server.Prefix), "TIME").Should().Be(Times.Replace(why.Shown, "TIME").Replace(
            "the live connection of the sendmail process that logged it",
            "a later line of the same transaction that names it, in sendmail's log",
            StringComparison.Ordinal));
        (await daemon.StopAsync()).Should().Be(0);
    }

    [Test, RunsCommandsOf("docs/usage.md", "completion, man")]
    public void Completion_and_manual_pages_are_written_where_they_are_looked_for()
    {
        foreach (var commands in DocumentedCommands.Of("docs/usage.md", "completion, man"))
            commands.Run(_server.Prefix);
        _server.Run("bash", "-c", ". /usr/share/bash-completion/completions/blocksmtp; complete -p blocksmtp")
            .Should().Contain("blocksmtp");
        foreach (var file in new[] { "zsh/vendor-completions/_blocksmtp", "man/man8/blocksmtp.8", "man/man5/blocksmtp.conf.5" })
            _server.Run("test", "-s", "/usr/share/" + file);
    }

    [Test, RunsCommandsOf("docs/usage.md", "Replay")]
    public void Finished_logs_are_read_packed_or_not()
    {
        WriteOldLogs();
        _server.Write("/mnt/old", Lines("name1", "name2", "name3", "name4"));
        _server.Run("gzip", "/mnt/old");

        DocumentedCommands.Of("docs/usage.md", "Replay").Single().Run(_server.Prefix)
            .Should().Contain(Guesser).And.Contain($"\"action\":\"block\",\"address\":\"{Guesser}\"");
    }

    private async Task ReplayAndGuard(DocumentedCommands replay, DocumentedCommands guard, Func<Task> then)
    {
        WriteOldLogs();
        replay.Run(_server.Prefix).Should().Contain(Guesser);
        await using var daemon = guard.Start(_server.Prefix);
        await _server.DaemonIsReady();
        await then();
        (await daemon.StopAsync()).Should().Be(0);
    }

    private void WriteOldLogs()
    {
        _server.Write(Log + ".2", Lines("name1", "name2"));
        _server.Run("gzip", Log + ".2");
        _server.Write(Log + ".1", Lines("name3"));
        _server.Write(Log, Lines("name4"));
    }

    private async Task Guess(params string[] names)
    {
        _server.Write(Log, Lines(names));
        await EndToEnd.Eventually.IsTrue(
            () => _server.Run("iptables", "-S").Contains(Guesser, StringComparison.Ordinal),
            "the guesser is blocked",
            TimeSpan.FromMinutes(1));
    }

    private static string Lines(params string[] names)
    {
        // A process number that no process has.
        var log = new LogText();
        foreach (var name in names)
            log.Line(5_000_001, $"<{name}@example.org>... User unknown");
        return log.End(5_000_001, Guesser).ToString();
    }
}
