using System.Net;

namespace BlockSmtp.Quality.Rules;

/// <summary>
/// fail2ban's jail for sendmail's rejects as it comes: 5 failures within 10 minutes, banned for 10 (jail.conf: maxretry, findtime,
/// bantime). Its filter needs the line that ends the
/// transaction to know the host, and knows only one of a message that was not sent, of a sender that is not null; the names in one
/// transaction are one failure.
/// </summary>
/// <remarks>
/// Nor does the filter know the lines of encrypted sessions: it wants proto=SMTP or ESMTP, and they have ESMTPS. To let it see them would
/// make it find more, and block many more newsletters.
/// </remarks>
/// <param name="isEncrypted">Whether a host encrypts.</param>
internal sealed class Fail2banPolicy(Func<IPAddress, bool> isEncrypted) : IOffenderPolicy
{
    private const int Most = 5;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Dictionary<IPAddress, Queue<DateTimeOffset>> _failures = [];

    public bool WantsAcceptances => true;

    public Verdict Judge(in Offense offense) => Verdict.None;

    public Verdict End(in TransactionEnd end)
    {
        if (end.IsBlocked || end.IsTaken || end.Sender == SenderKind.Null || isEncrypted(end.Peer))
            return Verdict.None;
        if (!_failures.TryGetValue(end.Peer, out var times))
            _failures[end.Peer] = times = new Queue<DateTimeOffset>();
        times.Enqueue(end.Time);
        while (end.Time - times.Peek() > Window)
            times.Dequeue();
        if (times.Count < Most)
            return Verdict.None;
        times.Clear();
        return Verdict.Block(Window, Most, "5 failures in 10 minutes");
    }
}
