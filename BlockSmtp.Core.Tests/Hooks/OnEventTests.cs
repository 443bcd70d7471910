using System.Text.Json;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Hooks;

/// <summary>A program of the administrator's that the daemon tells of what happens.</summary>
public sealed class OnEventTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task It_is_told_of_a_block_and_a_release_and_finds_nothing_of_ours_in_its_environment()
    {
        // What is waited for comes last.
        var program = Script($"env >{_folder["env"]}; echo $# >{_folder["words"]}; cat >>{_folder["events"]}");
        await using var daemon = await DryRunDaemon.StartAsync($"on-event = {program}\n");

        daemon.Ask("block", "203.0.113.7", "--reason=loud").ExitCode.Should().Be(0);
        daemon.Ask("unblock", "203.0.113.7").ExitCode.Should().Be(0);
        await Eventually.IsTrue(() => Events().Length == 2, "both are told", TimeSpan.FromMinutes(1));

        var (block, release) = (Events()[0].RootElement, Events()[1].RootElement);
        (Word(block, "action"), Word(block, "address"), Word(block, "origin"), block.GetProperty("enforced").GetBoolean())
            .Should().Be(("block", "203.0.113.7", "operator", false), "it is a dry run");
        Word(block, "reason").Should().Contain("loud");
        (Word(release, "action"), Word(release, "release")).Should().Be(("unblock", "requested"));
        File.ReadAllText(_folder["words"]).Should().Be("0\n");
        File.ReadAllText(_folder["env"]).Should().NotContain("DOTNET_").And.Contain("PATH=/usr/local/sbin:");
    }

    [Test]
    public async Task One_that_hangs_delays_nothing_and_does_not_outlive_the_daemon()
    {
        var program = Script($"echo $$ >>{_folder["pids"]}; exec sleep 1000");
        await using var daemon = await DryRunDaemon.StartAsync($"on-event = {program}\n");
        daemon.Ask("block", "203.0.113.1").ExitCode.Should().Be(0);
        await Eventually.IsTrue(() => File.Exists(_folder["pids"]), "it has begun", TimeSpan.FromMinutes(1));

        daemon.Ask("block", "203.0.113.2").ExitCode.Should().Be(0);
        daemon.Ask("list").Output.Should().Contain("203.0.113.2");
        Command.Run("kill", "-TERM", daemon.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));

        await daemon.Says("2 events were dropped");
        Directory.Exists($"/proc/{File.ReadAllText(_folder["pids"]).Trim()}").Should().BeFalse("what it was at is ended with it");
    }

    [Test]
    public async Task One_that_fails_is_said_with_the_reason()
    {
        await using var daemon = await DryRunDaemon.StartAsync($"on-event = {Script("exit 3")}\n");

        daemon.Ask("block", "203.0.113.1").ExitCode.Should().Be(0);

        await daemon.Says("1 events were not taken by ");
        await daemon.Says("it has ended with 3");
    }

    [Test]
    public void One_that_others_may_write_is_refused()
    {
        var program = Script("exit 0");
        Command.Run("chmod", "o+w", program);

        var (code, _, errors) = Tool.Run(["check", $"--on-event={program}", $"--config={_folder.Write("conf", "")}"]);

        (code, errors).Should().Be(
            (78, $"blocksmtp: --on-event: '{program}' may be written by anybody (mode 757): chmod go-w {program}\n"));
    }

    [TestCase("mail", 64)]
    [TestCase("/nowhere/on-event", 66)]
    [TestCase("/etc/passwd", 78)]
    [TestCase("unix:relative", 64)]
    public void What_cannot_be_run_stops_the_start(string program, int code) =>
        Tool.Run(["check", $"--on-event={program}", $"--config={_folder.Write("conf", "")}"]).ExitCode.Should().Be(code);

    private string Script(string lines)
    {
        var path = _folder.Write("on-event", $"#!/bin/sh\n{lines}\n");
        Command.Run("chmod", "755", path);
        return path;
    }

    private JsonDocument[] Events() => File.Exists(_folder["events"])
        ? [.. File.ReadAllText(_folder["events"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            JsonDocument.Parse(line))]
        : [];

    private static string Word(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
