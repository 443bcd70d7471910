using BlockSmtp.Tests.Fixtures;

#pragma warning disable CA1416 // All of this is for Linux.

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A daemon that may neither look into a process nor end one, and the helper that may, beside the real sendmail.</summary>
[TestFixture]
internal sealed class SessionHelperTests
{
    [Test]
    public async Task A_held_session_is_blocked_and_ended_by_a_daemon_that_may_look_into_no_process()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0 });
        using var helper = await SessionHelper.StartAsync(lab);
        await using var daemon = await BlockSmtpDaemon.StartWithFewRightsAsync(lab, $"--sessions=unix:{helper.Socket}");
        await using var session = await lab.ConnectAsync("203.0.113.53");
        await session.BeginAsync();

        await session.GuessAsync(4);

        await daemon.Blocks("203.0.113.53");
        await Eventually.IsTrue(() => lab.Sessions().Length == 0, "the process is gone");
        await daemon.Says("ended session of 203.0.113.53");
    }

    [Test]
    public async Task Without_the_helper_the_daemon_says_so_once_and_blocks_whom_the_log_names_and_with_it_again_who_holds_his_session()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0 });
        var helper = await SessionHelper.StartAsync(lab);
        await using var daemon = await BlockSmtpDaemon.StartWithFewRightsAsync(lab, $"--sessions=unix:{helper.Socket}");
        helper.Dispose();

        // sendmail logs a client with the end of his transaction.
        await using (var named = await lab.ConnectAsync("203.0.113.54"))
        {
            await named.BeginAsync();
            await named.GuessAsync(5);
        }

        await daemon.Blocks("203.0.113.54");
        daemon.Output.Count(line => line.Contains("does not answer", StringComparison.Ordinal)).Should().Be(1);

        using var again = await SessionHelper.StartAsync(lab);
        var host = 60;
        await Eventually.IsTrue(
            async () =>
            {
                // It is asked when somebody guesses, and once a second at most.
                await using var one = await lab.ConnectAsync($"203.0.113.{host++}");
                await one.BeginAsync();
                await one.GuessAsync(1);
                return daemon.Output.Any(line => line.Contains("answers again", StringComparison.Ordinal));
            },
            "the helper is asked again");

        // Held: only the helper can tell who it is.
        await using var held = await lab.ConnectAsync("203.0.113.55");
        await held.BeginAsync();
        await held.GuessAsync(4);
        await daemon.Blocks("203.0.113.55");
    }

    [Test]
    public async Task Nobody_from_outside_of_the_daemon_is_signalled_by_what_it_starts()
    {
        Requires.Need(Landlock.ScopesSignals, "the kernel keeps nobody from signalling others (Linux 6.12, Landlock)");
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0 });
        using var helper = await SessionHelper.StartAsync(lab);
        using var victim = new Bystander();
        using var folder = new TemporaryFolder();
        // What an event starts is in the daemon's place: root, and with its rights.
        var program = folder.Write("on-event", $"#!/bin/sh\nkill -TERM {victim.ProcessId} 2>'{folder["err"]}'; "
            + $"echo $? >'{folder["made"]}'; mv '{folder["made"]}' '{folder["answer"]}'\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var daemon = await BlockSmtpDaemon.StartWithFewRightsAsync(
            lab, $"--sessions=unix:{helper.Socket}", $"--on-event={program}");

        Tool.Run("block", "203.0.113.56", $"--control-socket={daemon.ControlSocket}").ExitCode.Should().Be(0);

        await Eventually.IsTrue(() => File.Exists(folder["answer"]), "the program has run");
        (await File.ReadAllTextAsync(folder["answer"])).Trim().Should().NotBe("0");
        (await File.ReadAllTextAsync(folder["err"])).Should().Contain("not permitted");
        victim.IsAlive.Should().BeTrue();
    }
}
