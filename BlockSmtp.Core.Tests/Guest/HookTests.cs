using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>What docs/hooks.md says, typed on a clean Debian with a real systemd and a real sendmail.</summary>
[NonParallelizable]
public sealed class HookTests
{
    [Test, RunsCommandsOf("docs/hooks.md")]
    public async Task Whoever_follows_the_page_gets_a_mail_a_day_from_outside_of_the_sandbox()
    {
        using var guest = new DebianGuest();
        guest.Install(GuestSetup.OldPackage, "python3", "sendmail-bin");
        guest.TakeConnectionsUnderLoad();
        var commands = DocumentedCommands.Of("docs/hooks.md");

        commands[0].Run(guest.Prefix);
        await guest.IsActive();
        guest.Run("blocksmtp", "block", "203.0.113.7");
        await Eventually.IsTrue(
            () => Noted(guest).Contains("\"address\":\"203.0.113.7\"", StringComparison.Ordinal),
            $"the event is noted; it was said:\n{Said(guest)}",
            TimeSpan.FromMinutes(1));
        guest.Run("stat", "-L", "--format=%U", "/var/lib/blocksmtp-event").Trim().Should().NotBe("root");

        commands[1].Run(guest.Prefix);
        await Eventually.IsTrue(
            () => guest.Run("journalctl", "--no-pager", "--identifier=sm-mta").Contains("from=<blocksmtp@", StringComparison.Ordinal),
            $"the mail server takes the mail; it was said:\n{Said(guest)}",
            TimeSpan.FromMinutes(1));
        Noted(guest).Should().BeEmpty("what was sent is not sent again");

        commands[2].Run(guest.Prefix);
        guest.Run("blocksmtp", "unblock", "203.0.113.7");
        await Eventually.IsTrue(
            () => Noted(guest).Contains("\"unblock\"", StringComparison.Ordinal),
            $"both are run; it was said:\n{Said(guest)}",
            TimeSpan.FromMinutes(1));
        await Eventually.IsTrue(
            () => Said(guest).Contains("WEBHOOK_URL is not set", StringComparison.Ordinal),
            "what they print is in the journal",
            TimeSpan.FromMinutes(1));

        guest.Run("apt-get", "-y", "purge", "blocksmtp");
        guest.FilesOfIt().Should().OnlyContain(
            file => file.StartsWith("/etc/blocksmtp", StringComparison.Ordinal), "what the administrator has written stays");
        guest.Try("systemctl", "is-active", "blocksmtp-event.socket", "blocksmtp-digest.timer").Output.Should().NotContain("\nactive")
            .And.NotStartWith("active");
    }

    private static string Noted(DebianGuest guest) => guest.Try("cat", "/var/lib/blocksmtp-event/digest.jsonl").Output;

    private static string Said(DebianGuest guest) => guest.Run("journalctl", "--no-pager", "--output=cat", "--unit=blocksmtp*");
}
