namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A real Exim asks another server for a recipient once, and of the next who asks its log has no more than that it did.</summary>
[TestFixture]
internal sealed class RememberedAnswersTests
{
    private const string Bystander = "198.51.100.10";
    private const string Guesser = "203.0.113.61";

    [Test]
    public async Task Who_writes_to_full_mailboxes_after_others_is_let_through_and_who_asks_for_others_wrong_names_is_not()
    {
        using var lab = SendmailLab.Start(new LabSettings { Mailer = Mailer.Exim, Callout = true });
        using var asked = new AskedServer(
            lab, recipient => recipient.StartsWith("full", StringComparison.Ordinal) ? "552 5.2.2 Mailbox full" : "550 5.1.1 unknown");
        await using var daemon = await BlockSmtpDaemon.StartAsync(lab, "--policy=count", "--max-offenses=3");
        string[] full = [.. Enumerable.Range(0, 12).Select(i => $"full{i}@relay.example")];
        string[] wrong = [.. Enumerable.Range(0, 4).Select(i => $"n{i}@relay.example")];
        await AskAsync(lab, "198.51.100.20", full);
        for (var i = 0; i < wrong.Length; i++)
            await AskAsync(lab, $"203.0.113.{70 + i}", wrong[i]);

        await AskAsync(lab, Bystander, full);
        await AskAsync(lab, Guesser, wrong);

        await daemon.Blocks(Guesser);
        await daemon.HasJudgedAllUntilNow("203.0.113.62");
        lab.Drops(Bystander).Should().BeFalse();
        asked.Asked.Should().Equal(full.Concat(wrong), "Exim has asked once for each");
        lab.Log().Count(line => line.EndsWith(": Previous (cached) callout verification failure", StringComparison.Ordinal))
            .Should().Be(full.Length + wrong.Length);
    }

    private static async Task AskAsync(SendmailLab lab, string source, params string[] recipients)
    {
        await using var session = await lab.ConnectAsync(source);
        await session.BeginAsync();
        foreach (var recipient in recipients)
            (await session.SayAsync($"RCPT TO:<{recipient}>")).Should().StartWith("550");
        await session.SendAsync("QUIT");
    }
}
