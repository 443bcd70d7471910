using System.Net.Sockets;
using BlockSmtp.Milter;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// Clients that keep the real sendmail waiting for ever lose their sessions, and who is slow or is waiting himself does not.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class StalledSessionsTests(bool hasHelper)
{
    private const string Milter = "/run/blocksmtp/slow.sock";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Who_sends_nothing_or_a_byte_now_and_then_is_ended_and_who_sends_slowly_is_not()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0, Tls = true });
        using var helper = hasHelper ? await SessionHelper.StartAsync(lab) : null;
        await using var daemon = await StartAsync(lab, helper, "--max-stall=3s");
        await using var honest = await InDataAsync(lab, "198.51.100.60");
        await using var silentInData = await InDataAsync(lab, "203.0.113.61");
        await using var silentAfterStartTls = await lab.ConnectAsync("203.0.113.62");
        await silentAfterStartTls.SayAsync("EHLO client.example");
        (await silentAfterStartTls.SayAsync("STARTTLS")).Should().StartWith("220 ");
        await using var silentInRecord = await lab.ConnectAsync("203.0.113.63");
        await silentInRecord.SayAsync("EHLO client.example");
        (await silentInRecord.SayAsync("STARTTLS")).Should().StartWith("220 ");
        await silentInRecord.SendPartAsync("\x16\x03\x01");
        await using var drips = await InDataAsync(lab, "203.0.113.64");
        await using var dripsACommand = await lab.ConnectAsync("203.0.113.65");
        await using var dripsInTls = await lab.ConnectAsync("203.0.113.66");
        await dripsInTls.SayAsync("EHLO client.example");
        await dripsInTls.StartTlsAsync();
        await BeginDataAsync(dripsInTls);

        SmtpSession[] stalled = [silentInData, silentAfterStartTls, silentInRecord, drips, dripsACommand, dripsInTls];
        var ends = Task.WhenAll(stalled.Select(session => session.WaitForEndAsync(Patience)));
        await honest.SendAsync("Subject: large", "");
        for (var step = 0; !ends.IsCompleted; step++)
        {
            await honest.SendAsync(new string('x', 500));
            if (step % 5 == 0)
                await Task.WhenAll(new[] { drips, dripsACommand, dripsInTls }.Select(session => session.SendPartAsync("x")));
            await Task.WhenAny(ends, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        stalled.Should().OnlyContain(session => session.HasEnded);
        await Eventually.IsTrue(() => lab.Sessions().Length == 1, "their processes are gone");
        (await honest.SayAsync(".")).Should().StartWith("250 ", "it was slow, but it was sending");
        foreach (var host in Enumerable.Range(61, 6).Select(number => $"203.0.113.{number}"))
            await daemon.Says($"ended session of {host}");
        daemon.Output.Should().NotContain(line => line.Contains("198.51.100.60", StringComparison.Ordinal));
    }

    [Test]
    public async Task Who_waits_for_the_answer_to_a_message_is_not_ended_however_long_that_takes()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0, Milter = "unix:" + Milter });
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var milter = MilterServer.Start(
            () => new SlowMilter(answer.Task),
            new MilterServerOptions { Address = new UnixDomainSocketEndPoint(lab.StateDirectory + Milter) });
        using var helper = hasHelper ? await SessionHelper.StartAsync(lab) : null;
        await using var daemon = await StartAsync(lab, helper, "--max-stall=2s");
        await using var honest = await InDataAsync(lab, "198.51.100.70");
        var said = honest.SayAsync("Subject: hello\r\n\r\nhello\r\n.");
        await using var silent = await InDataAsync(lab, "203.0.113.71");

        await silent.WaitForEndAsync(Patience);
        silent.HasEnded.Should().BeTrue();
        answer.SetResult();

        (await said).Should().StartWith("250 ");
    }

    [Test]
    public async Task Without_the_option_nobody_is_ended()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0 });
        using var helper = hasHelper ? await SessionHelper.StartAsync(lab) : null;
        await using var daemon = await StartAsync(lab, helper, "--max-cmd-read=1s");
        await using var silent = await InDataAsync(lab, "203.0.113.72");
        await using var waiting = await lab.ConnectAsync("203.0.113.73");

        await waiting.WaitForEndAsync(Patience);

        waiting.HasEnded.Should().BeTrue("it waited for a command");
        (await silent.SayAsync("Subject: hello\r\n\r\nhello\r\n.")).Should().StartWith("250 ");
    }

    private static async Task<SmtpSession> InDataAsync(SendmailLab lab, string source)
    {
        var session = await lab.ConnectAsync(source);
        await BeginDataAsync(session);
        return session;
    }

    private static async Task BeginDataAsync(SmtpSession session)
    {
        await session.BeginAsync();
        await session.SayAsync("RCPT TO:<alice@example.org>");
        (await session.SayAsync("DATA")).Should().StartWith("354 ");
    }

    private static Task<BlockSmtpDaemon> StartAsync(SendmailLab lab, SessionHelper? helper, string option) => helper is null
        ? BlockSmtpDaemon.StartAsync(lab, option)
        : BlockSmtpDaemon.StartWithFewRightsAsync(lab, option, $"--sessions=unix:{helper.Socket}");

    private sealed class SlowMilter(Task answer) : IMilter
    {
        public async ValueTask<MilterReply> EndOfMessageAsync(MilterSession session, CancellationToken cancellationToken)
        {
            await answer.WaitAsync(cancellationToken);
            return MilterReply.Continue;
        }
    }
}
