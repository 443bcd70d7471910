using System.Globalization;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>Clients whose name and text are so long that the real sendmail needs several lines for what it says of them.</summary>
[TestFixture]
internal sealed class SplitLinesTests
{
    private const string Guesser = "203.0.113.69";

    // Of 255 characters, as long as a name may be.
    private static readonly string LongName =
        string.Join('.', [.. Enumerable.Repeat(new string('a', 62), 3), new string('b', 40), "h69.isp.example"]);

    private static readonly string LongMail = $"MAIL FROM:<\"{new string('\x01', 188)}\"@b.example> BODY=8BITMIME";

    private SendmailLab _lab = null!;

    [SetUp]
    public void StartSendmail()
    {
        _lab = SendmailLab.Start(new LabSettings { Throttle = 0 });
        File.AppendAllText(Path.Combine(_lab.StateDirectory, "etc", "hosts"), $"{Guesser} {LongName}\n");
    }

    [TearDown]
    public void EndSendmail() => _lab?.Dispose();

    // The log shows a control character as \001.
    [TestCase("VRFY <nosuch{0}@example.org>({1})", 205)]
    [TestCase("EXPN <nosuch{0}@example.org>({1} ...", 205)]
    [TestCase("RCPT TO:<gone@example.org>(N{0}{1})", 200)]
    public async Task Who_guesses_in_commands_that_need_several_lines_is_cut_off(string pattern, int controls)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.BeginAsync();
        for (var i = 0; i < 20 && !session.HasEnded; i++)
        {
            await session.SayAsync(string.Format(CultureInfo.InvariantCulture, pattern, i, new string('\x01', controls)));
            await Task.Delay(50);
        }

        session.HasEnded.Should().BeTrue();
        await daemon.Blocks(Guesser);
        _lab.Log().Should().Contain(line => line.Contains("[2]: ", StringComparison.Ordinal));
    }

    [Test]
    public async Task Whose_transactions_end_in_several_lines_may_not_make_more_of_them()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, "--max-empty-transactions=100");
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.SayAsync("EHLO x");
        string[] transaction = [LongMail, "RSET"];
        for (var i = 0; i < 400 && !session.HasEnded; i += 10)
            await session.PipelineAsync([.. Enumerable.Repeat(transaction, 10).SelectMany(lines => lines)]);

        await daemon.Says($"blocked {Guesser}");
        await daemon.Blocks(Guesser);
        _lab.Log().Should().Contain(line => IsLastPart(line));
    }

    [Test]
    public async Task Who_is_gone_when_its_guesses_are_read_is_named_by_the_end_of_the_transaction()
    {
        for (var i = 0; i < 8; i++)
        {
            await using var session = await _lab.ConnectAsync(Guesser);
            await session.SayAsync("EHLO x");
            await session.PipelineAsync(LongMail, $"RCPT TO:<nosuch{i}@example.org>", "QUIT");
        }

        await Eventually.IsTrue(() => _lab.Log().Count(IsLastPart) == 8, "all transactions are over");
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, "--from-start");

        await daemon.Says($"blocked {Guesser}");
    }

    private static bool IsLastPart(string line) => line.Contains("[2]: relay=", StringComparison.Ordinal);
}
