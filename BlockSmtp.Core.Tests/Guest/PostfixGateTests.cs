using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>Whoever follows docs/milter.md on a machine with Debian's Postfix has a gate.</summary>
[NonParallelizable]
internal sealed class PostfixGateTests
{
    [Test, RunsCommandsOf("docs/milter.md", "Postfix")]
    public async Task One_that_pipelines_is_stopped_at_the_fourth_name()
    {
        using var guest = new DebianGuest();
        guest.Run("apt-get", "-y", "--no-install-recommends", "install", "postfix");
        guest.Install(GuestSetup.NewPackage, "nftables");
        guest.RunPage("docs/milter.md", "The gate");
        await guest.IsActive();

        guest.RunPage("docs/milter.md", "Postfix").Should()
            .Contain("/etc/postfix/main.cf asks at inet:8899@127.0.0.1, waits 2 s, 4 s and 8 s, and takes mail when it is away")
            .And.EndWith("the daemon would start\n");

        await IsStoppedAsync(guest, "203.0.113.46");
        await using var friend = await guest.ConnectAsync("203.0.113.47");
        await friend.SayAsync("EHLO friendly.example");
        await friend.MailAsync("friend@sender.example", "root@mail1.example.org");
        friend.Exchanges[^1].Reply.Should().StartWith("250 ");
    }

    private static async Task IsStoppedAsync(DebianGuest guest, string source)
    {
        await using var session = await guest.ConnectAsync(source);
        await session.BeginAsync("someone@sender.example");
        await session.PipelineAsync([.. Enumerable.Range(1, 40).Select(i =>
            i > 4 && i % 2 == 0 ? "RCPT TO:<root@mail1.example.org>" : $"RCPT TO:<guess{i}@mail1.example.org>")]);

        session.UnknownUsers.Should().BeLessThanOrEqualTo(4);
        session.HasEnded.Should().BeTrue();
        session.Exchanges.Where(exchange => exchange.Sent.Contains("root", StringComparison.Ordinal)).Should().HaveCount(18)
            .And.OnlyContain(exchange => exchange.Reply == null || exchange.Reply.StartsWith("421 ", StringComparison.Ordinal));
        await guest.Blocks(source);
    }
}
