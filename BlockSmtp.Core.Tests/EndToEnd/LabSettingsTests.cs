using System.Diagnostics;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>That a lab is configured as it was asked for, stands alone, and leaves nothing.</summary>
[TestFixture]
internal sealed class LabSettingsTests
{
    [Test]
    public async Task The_throttle_names_the_client_before_the_fourth_unknown_user()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 3 });
        await using var session = await lab.ConnectAsync("203.0.113.20");
        await session.BeginAsync();

        await session.GuessAsync(4);

        await LogHas(lab, "scan20.dialup.example [203.0.113.20]: Possible SMTP RCPT flood, throttling.");
    }

    [Test]
    public async Task A_restart_brings_new_settings_into_force()
    {
        using var lab = SendmailLab.Start();
        var old = lab.DaemonPid;

        lab.Restart(new LabSettings { LogLevel = 14 });

        lab.DaemonPid.Should().NotBe(old);
        await using var session = await lab.ConnectAsync("203.0.113.21");
        await LogHas(lab, "NOQUEUE: connect from [203.0.113.21]");
    }

    [Test]
    public async Task A_dual_stack_listener_serves_both_families_on_sockets_of_the_second()
    {
        using var lab = SendmailLab.Start(new LabSettings { DualStack = true });
        await using var v4 = await lab.ConnectAsync("203.0.113.22");
        await using var v6 = await lab.ConnectAsync("2001:db8::a:22");

        var sockets = lab.RunInside("ss", "-Htn", "sport = :25");

        sockets.Should().Contain("[::ffff:203.0.113.22]").And.Contain("[2001:db8::a:22]");
        v4.Exchanges[0].Reply.Should().StartWith("220 ");
        v6.Exchanges[0].Reply.Should().StartWith("220 ");
    }

    [Test]
    public async Task A_full_server_refuses_and_says_so_in_its_log()
    {
        using var lab = SendmailLab.Start(new LabSettings { MaxChildren = 1 });
        await using var session = await lab.ConnectAsync("203.0.113.23");

        await LogHas(lab, "rejecting connections on daemon MTA-v4: 1 children, max 1");

        (await lab.AcceptsAsync("198.51.100.23")).Should().BeFalse();
    }

    [Test]
    public async Task An_idle_session_ends_when_the_time_for_a_command_is_over()
    {
        using var lab = SendmailLab.Start(new LabSettings { CommandTimeout = "1s", GreetPause = 100 });
        await using var session = await lab.ConnectAsync("203.0.113.24");

        await session.WaitForEndAsync(TimeSpan.FromSeconds(20));

        session.Close.Should().Be(SessionClose.ByServer);
        await LogHas(lab, "timeout waiting for input from [203.0.113.24] during server cmd read");
    }

    [Test]
    public async Task Labs_beside_each_other_do_not_meet_and_leave_nothing()
    {
        var one = SendmailLab.Start();
        var other = SendmailLab.Start();
        var session = await one.ConnectAsync("203.0.113.25");
        await session.BeginAsync();
        await session.GuessAsync(1);
        await LogHas(one, "User unknown");
        other.Log().Should().NotContain(line => line.Contains("User unknown", StringComparison.Ordinal));

        one.Dispose();
        other.Dispose();

        Leftovers(one).Should().BeEmpty();
        Leftovers(other).Should().BeEmpty();
        session.Abort();
    }

    [TestCase(Mailer.Postfix)]
    [TestCase(Mailer.Exim)]
    public async Task A_lab_of_another_mail_server_leaves_nothing(Mailer mailer)
    {
        var lab = SendmailLab.Start(new LabSettings { Mailer = mailer });
        await using var session = await lab.ConnectAsync("203.0.113.26");
        await session.BeginAsync();
        await session.GuessAsync(1);
        int[] processes = [lab.DaemonPid, .. lab.Sessions()];
        processes.Should().HaveCountGreaterThan(1).And.OnlyContain(pid => SendmailLab.IsMailer(pid));

        lab.Dispose();

        Leftovers(lab).Should().BeEmpty();
        processes.Should().NotContain(pid => SendmailLab.IsMailer(pid));
    }

    [Test]
    public async Task A_lab_whose_owner_dies_takes_itself_down()
    {
        using var owner = Process.Start("sleep", "600");
        using var lab = SendmailLab.StartAs($"blocksmtp-lab-orphan-{owner.Id}", owner.Id, new LabSettings());
        Leftovers(lab).Should().NotBeEmpty();

        owner.Kill();

        await Eventually.IsTrue(() => Leftovers(lab).Count == 0, "nothing is left");
    }

    [Test]
    public void A_name_that_is_taken_is_refused_without_harm_to_its_lab()
    {
        using var lab = SendmailLab.Start();

        var again = () => SendmailLab.StartAs(lab.Name, Environment.ProcessId, new LabSettings());

        again.Should().Throw<InvalidOperationException>().WithMessage("*is up already*");
        Process.GetProcessById(lab.DaemonPid).HasExited.Should().BeFalse();
    }

    [Test]
    public void A_lab_that_cannot_start_leaves_nothing()
    {
        Requires.Root();
        var name = $"blocksmtp-lab-broken-{Environment.ProcessId}";

        // m4 finds no end of the quote.
        var start = () => SendmailLab.StartAs(name, Environment.ProcessId, new LabSettings { CommandTimeout = "`" });

        start.Should().Throw<InvalidOperationException>();
        Command.Run("ip", "netns", "list").Should().NotContain(name);
        Directory.Exists(Path.Combine(Path.GetTempPath(), name)).Should().BeFalse();
    }

    private static Task LogHas(SendmailLab lab, string text) =>
        Eventually.IsTrue(() => lab.Log().Any(line => line.Contains(text, StringComparison.Ordinal)), $"the log says '{text}'");

    /// <summary>
    /// What there is of a lab: its namespaces, its files, and processes that have its name or directory in their command line.
    /// </summary>
    private static List<string> Leftovers(SendmailLab lab)
    {
        var left = Command.Run("ip", "netns", "list")
            .Split('\n')
            .Where(line => line.StartsWith(lab.Name + "-", StringComparison.Ordinal))
            .ToList();
        if (Directory.Exists(lab.StateDirectory))
            left.Add(lab.StateDirectory);
        left.AddRange(Command.Try("pgrep", "-f", "-l", $"{lab.Name}([-/ ]|$)").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        if (SendmailLab.IsMailer(lab.DaemonPid))
            left.Add($"the mail server {lab.DaemonPid}");
        return left;
    }
}
