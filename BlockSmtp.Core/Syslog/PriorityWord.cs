using System.Text;

namespace BlockSmtp.Syslog;

/// <summary>
/// Knows the words that some syslog daemons put before or after the host name: <c>&lt;mail.info&gt;</c> (FreeBSD's
/// syslogd -v -v), <c>mail.info</c> (BusyBox), <c>mail:info</c> (AIX).
/// </summary>
internal static class PriorityWord
{
    private static readonly byte[][] Facilities = Words(
        "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 local3 local4 local5 local6 local7");

    private static readonly byte[][] Severities = Words("emerg panic alert crit err error warning warn notice info debug");

    public static bool IsOne(ReadOnlySpan<byte> word)
    {
        if (word.Length > 2 && word[0] == '<' && word[^1] == '>')
            word = word[1..^1];
        var dot = word.IndexOfAny((byte)'.', (byte)':');
        return dot > 0 && Has(Facilities, word[..dot]) && Has(Severities, word[(dot + 1)..]);
    }

    private static byte[][] Words(string text) => [.. text.Split(' ').Select(Encoding.ASCII.GetBytes)];

    private static bool Has(byte[][] words, ReadOnlySpan<byte> word)
    {
        foreach (var known in words)
        {
            if (word.SequenceEqual(known))
                return true;
        }

        return false;
    }
}
