using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>Whoever follows docs/milter.md has a gate, on a machine whose log is the journal, which tells late.</summary>
[NonParallelizable]
internal sealed class GateTests
{
    private DebianGuest _guest = null!;

    [OneTimeSetUp]
    public async Task Boot()
    {
        _guest = new DebianGuest();
        _guest.Install(GuestSetup.NewPackage, "sendmail-bin", "nftables");
        _guest.OpenMailServer();
        await _guest.IsActive();
        _guest.Said().Should().Contain("the journal is followed");
        _guest.Try("systemctl", "is-enabled", "blocksmtp-milter.socket").Output.Trim()
            .Should().Be("disabled", "that is for the administrator to say");
    }

    [OneTimeTearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, Order(1), RunsCommandsOf("docs/milter.md", "The gate"), RunsCommandsOf("docs/milter.md", "sendmail")]
    public async Task One_that_pipelines_is_stopped_at_the_fourth_name()
    {
        _guest.RunPage("docs/milter.md", "The gate");
        await _guest.IsActive();
        _guest.RunPage("docs/milter.md", "sendmail").Should().Contain(Shown("sendmail").Trim()).And.EndWith("the daemon would start\n");
        _guest.TakeConnectionsUnderLoad();

        await IsStoppedAsync("203.0.113.40");
        (await _guest.GuessUntilBlockedAsync("203.0.113.41")).Should().BeInRange(3, 4, "the journal is late, and the gate is not");
    }

    [Test, Order(2), RunsCommandsOf("docs/milter.md", "A restart that nobody notices")]
    public async Task After_the_change_to_a_socket_of_systemd_too()
    {
        _guest.RunPage("docs/milter.md", "A restart that nobody notices")
            .Should().Contain("asks at unix:/run/blocksmtp-milter.sock").And.EndWith("the daemon would start\n");
        _guest.TakeConnectionsUnderLoad();
        await _guest.IsActive();
        await IsStoppedAsync("203.0.113.42");
    }

    [Test, Order(3)]
    public async Task While_the_daemon_is_restarted_mail_waits_a_moment_and_no_guess_passes_it_by()
    {
        _guest.Shell("systemctl restart --no-block blocksmtp");
        await IsStoppedAsync("203.0.113.43");
        await _guest.IsActive();

        await using var friend = await _guest.ConnectAsync("203.0.113.44");
        await friend.SayAsync("EHLO friendly.example");
        await friend.MailAsync("friend@mail1.example.org", "root@mail1.example.org");
        friend.Exchanges[^1].Reply.Should().StartWith("250 ");
    }

    [Test, Order(4)]
    public async Task After_a_reboot_the_gate_is_there_again()
    {
        _guest.Reboot();
        await _guest.IsActive();
        await IsStoppedAsync("203.0.113.45");
    }

    [Test, Order(5)]
    public void A_purge_leaves_neither_socket_nor_unit()
    {
        _guest.Run("apt-get", "-y", "purge", "blocksmtp");

        _guest.FilesOfIt().Should().BeEmpty();
        _guest.Try("systemctl", "list-unit-files", "--no-legend", "blocksmtp*").Output.Should().BeEmpty();
    }

    /// <summary>Sends a hundred names in one go; the fourth answer is the last, and of the names that exist it gets none.</summary>
    private async Task IsStoppedAsync(string source)
    {
        await using var session = await _guest.ConnectAsync(source);
        await session.BeginAsync("someone@mail1.example.org");
        await session.PipelineAsync([.. Enumerable.Range(1, 100).Select(i =>
            i > 4 && i % 2 == 0 ? "RCPT TO:<root@mail1.example.org>" : $"RCPT TO:<guess{i}@mail1.example.org>")]);

        session.UnknownUsers.Should().BeLessThanOrEqualTo(4);
        session.HasEnded.Should().BeTrue();
        session.Exchanges.Where(exchange => exchange.Sent.Contains("root", StringComparison.Ordinal))
            .Should().HaveCount(48).And.OnlyContain(exchange => exchange.Reply == null);
        await _guest.Blocks(source);
    }

    /// <summary>What the page shows of what its commands print.</summary>
    private static string Shown(string heading) =>
        Page.Find("docs/milter.md").Blocks.Last(block => block.Heading == heading && block.Language == "text").Text;
}
