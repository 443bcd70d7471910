namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// What every mail server has to come to: a provider whose customers mistype now and then, and somebody who guesses at the same time.
/// </summary>
internal static class ProviderAndGuesser
{
    public const string Provider = "198.51.100.60";
    public const string Guesser = "203.0.113.60";

    /// <summary>
    /// The provider has 80 right and 6 wrong recipients and is let through; the guesser in between is cut off at the fourth.
    /// </summary>
    /// <param name="lab">Where.</param>
    /// <param name="daemon">Who guards it.</param>
    /// <param name="provider">A session of the provider's, behind its EHLO.</param>
    /// <param name="deliver">Delivers from the provider to the boxes from one number to another, and waits until that is done.</param>
    public static async Task MeetAsync(SendmailLab lab, BlockSmtpDaemon daemon, SmtpSession provider, Func<int, int, Task> deliver)
    {
        await deliver(1, 40);
        await using var guesser = await lab.ConnectAsync(Guesser);
        await guesser.BeginAsync();
        for (var i = 1; i <= 6; i++)
        {
            await provider.MailAsync("customer@provider.example", $"mistyped{i}@example.org", $"box{40 + i}@example.org");
            await guesser.GuessAsync(1);
            await Task.Delay(50);
        }

        await deliver(47, 80);
        await daemon.Blocks(Guesser);
        guesser.UnknownUsers.Should().BeInRange(3, 5, "the answer to the fourth may be cut off, too");
        guesser.HasEnded.Should().BeTrue();
        provider.HasEnded.Should().BeFalse();
        provider.UnknownUsers.Should().Be(6);
        await daemon.HasJudgedAllUntilNow("203.0.113.61");
        lab.Drops(Provider).Should().BeFalse();
        (await lab.AcceptsAsync(Provider)).Should().BeTrue();
    }
}
