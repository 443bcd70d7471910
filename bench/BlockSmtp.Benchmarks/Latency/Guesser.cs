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

    /// <summary>Guesses some names, begins anew behind TLS, and guesses more.</summary>
    public int GuessBehindTls(int before, int behind)
    {
        try
        {
            using var session = new SmtpSession(networkNamespace, address);
            Guess(session, 0, before);
            session.StartTls();
            Guess(session, before, behind);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It is cut off.
        }

        return Leaked;
    }

    /// <summary>Guesses in many sessions of one host at once, all of which are open before the first guess.</summary>
    /// <param name="networkNamespace">Where it is.</param>
    /// <param name="address">Its address.</param>
    /// <param name="sessions">How many sessions.</param>
    /// <param name="each">How often in each.</param>
    public static int GuessTogether(string networkNamespace, IPAddress address, int sessions, int each)
    {
        var guessers = Enumerable.Range(0, sessions).Select(_ => new Guesser(networkNamespace, address)).ToArray();
        using var together = new Barrier(sessions);
        var threads = guessers.Select((guesser, i) => new Thread(() => guesser.GuessTogether(together, i * each, each))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return guessers.Sum(guesser => guesser.Leaked);
    }

    private void GuessTogether(Barrier together, int first, int count)
    {
        SmtpSession? session = null;
        try
        {
            session = new SmtpSession(networkNamespace, address);
        }
        catch (SocketException)
        {
            // It takes no more sessions; the others guess.
        }

        together.SignalAndWait();
        try
        {
            if (session is not null)
                Guess(session, first, count);
        }
        catch (SocketException)
        {
            // It is cut off.
        }

        session?.Dispose();
    }

    private void Guess(SmtpSession session, int first, int count)
    {
        for (var i = first;
            i < first + count && session.Say($"RCPT TO:<nosuch{i}@example.org>").StartsWith("550", StringComparison.Ordinal);
            i++)
            Leaked++;
    }

    private SmtpSession Begin(SmtpSession? last)
    {
        last?.Say("QUIT");
        last?.Dispose();
        return new SmtpSession(networkNamespace, address);
    }
}
