using System.Diagnostics;
using System.Net;
using BlockSmtp.Benchmarks.Latency;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Milter;

/// <summary>What a recipient that is accepted takes with a real sendmail, in microseconds.</summary>
/// <param name="Without">Without a milter.</param>
/// <param name="With">With the gate.</param>
/// <param name="Added">The median of what each one took longer than the one that was asked of beside it.</param>
internal sealed record RecipientTimes(double Without, double With, double Added)
{
    // sendmail takes as many in one message as one likes, but keeps them all.
    private const int PerMessage = 50;

    private static readonly IPAddress Client = IPAddress.Parse("203.0.113.9");

    /// <summary>Asks two servers in turn, one without and one with, so that what the machine does meanwhile meets both.</summary>
    public static RecipientTimes Measure(SendmailLab without, SendmailLab with, int messages)
    {
        using var plain = new SmtpSession(without.Attackers, Client);
        using var gated = new SmtpSession(with.Attackers, Client);
        List<double> plainTimes = [], gatedTimes = [], added = [];
        for (var message = 0; message < messages; message++)
        {
            for (var i = 0; i < PerMessage; i++)
            {
                // Neither is always the first.
                var isPlainFirst = i % 2 == 0;
                var first = Time(isPlainFirst ? plain : gated);
                var second = Time(isPlainFirst ? gated : plain);
                plainTimes.Add(isPlainFirst ? first : second);
                gatedTimes.Add(isPlainFirst ? second : first);
                added.Add(gatedTimes[^1] - plainTimes[^1]);
            }

            foreach (var session in new[] { plain, gated })
            {
                session.Say("RSET");
                session.Say("MAIL FROM:<someone@sender.example>");
            }
        }

        return new RecipientTimes(plainTimes.Median(), gatedTimes.Median(), added.Median());
    }

    private static double Time(SmtpSession session)
    {
        var start = Stopwatch.GetTimestamp();
        var reply = session.Say("RCPT TO:<alice@example.org>");
        var time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        return reply.StartsWith("250", StringComparison.Ordinal) ? time : throw new InvalidOperationException($"sendmail says {reply}");
    }
}
