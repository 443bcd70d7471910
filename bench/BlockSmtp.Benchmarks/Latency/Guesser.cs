using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>A host that guesses names, and counts what it was told: that is what leaks.</summary>
/// <param name="networkNamespace">Where it is.</param>
/// <param name="address">Its address.</param>
internal sealed class Guesser(string networkNamespace, IPAddress address)
{
    /// <summary>How many names it was told to be unknown.</summary>
    public int Leaked { get; private set; }

    /// <summary>Guesses until it has done so often enough, or is cut off.</summary>
    /// <param name="guesses">How often at most.</param>
    /// <param name="apart">How long it waits from an answer to the next guess.</param>
    /// <param name="perSession">After how many it begins a new session; what guesses in one session holds that open.</param>
    public int Guess(int guesses, TimeSpan apart, int perSession)
    {
        SmtpSession? session = null;
        try
        {
            for (var i = 0; i < guesses; i++)
            {
                if (i % perSession == 0)
                    session = Begin(session);
                else if (apart > TimeSpan.Zero)
                    Thread.Sleep(apart);
                var answer = session!.Say($"RCPT TO:<nosuch{i}@example.org>");
                if (!answer.StartsWith("550", StringComparison.Ordinal))
                    break;
                Leaked++;
            }
        }
        catch (SocketException)
        {
            // Refused, silent or reset: it is cut off.
        }
        finally
        {
            session?.Dispose();
        }

        return Leaked;
    }

    /// <summary>Sends all guesses at once (RFC 2920) and then reads what comes back.</summary>
    public int GuessAtOnce(int guesses)
    {
        try
        {
            using var session = new SmtpSession(networkNamespace, address);
            var lines = Enumerable.Range(0, guesses).Select(i => $"RCPT TO:<nosuch{i}@example.org>\r\n");
            session.Send(string.Concat(lines));
            while (Leaked < guesses && session.Hear().StartsWith("550", StringComparison.Ordinal))
                Leaked++;
        }
        catch (SocketException)
        {
            // Silent or reset: it is cut off.
        }

        return Leaked;
    }

    private SmtpSession Begin(SmtpSession? last)
    {
        last?.Say("QUIT");
        last?.Dispose();
        return new SmtpSession(networkNamespace, address);
    }
}
