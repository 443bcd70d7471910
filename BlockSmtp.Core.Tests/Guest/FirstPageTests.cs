using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>What README.md has an administrator type, on a clean Debian.</summary>
[NonParallelizable]
internal sealed class FirstPageTests
{
    private const string Host = "203.0.113.20";

    private DebianGuest _guest = null!;

    [SetUp]
    public void Boot() => _guest = new DebianGuest();

    [TearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, RunsCommandsOf("README.md", "On a mail server")]
    public async Task The_package_is_installed_is_told_whom_to_trust_and_answers()
    {
        var commands = DocumentedCommands.Of("README.md", "On a mail server");
        // Where packaging/deb/build has put it.
        _guest.Copy(GuestSetup.OldPackage);
        _guest.Shell("mkdir -p /root/artifacts/deb; mv /root/blocksmtp_*.deb /root/artifacts/deb/");
        foreach (var block in commands.SkipLast(1))
            block.Run(_guest.Prefix);
        await _guest.IsActive();
        _guest.OpenMailServer();
        await _guest.GuessUntilBlockedAsync(Host);
        await _guest.Blocks(Host);

        commands[^1].Run(_guest.Prefix)
            .Should().StartWith($"{Host} is blocked until ").And.Contain($"{Host} is let in").And.Contain("0 now");

        await Eventually.IsTrue(() => !_guest.Drops(Host), "the host is let in", TimeSpan.FromMinutes(1));
    }
}
