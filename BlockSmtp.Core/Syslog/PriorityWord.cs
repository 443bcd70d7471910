using System.Text;

namespace BlockSmtp.Syslog;

/// <summary>
/// Knows the words that some syslog daemons put before or after the host name: <c>&lt;mail.info&gt;</c> (FreeBSD's
/// syslogd -v -v; <c>&lt;2.6&gt;</c> with one -v), <c>mail.info</c> (BusyBox), <c>mail:info</c> (AIX), <c>mail.info&lt;22&gt;:</c> before
/// the stamp (rsyslog's PRI-text).
/// </summary>
internal static class PriorityWord
{
    // "authpriv.warning<85>:" and a space.
    private const int Longest = 24;

    private static readonly byte[][] Facilities = Words(
        "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 local3 local4 local5 local6 local7");

    private static readonly byte[][] Severities = Words("emerg panic alert crit err error warning warn notice info debug");

    public static bool IsOne(ReadOnlySpan<byte> word)
    {
        var isWrapped = word.Length > 2 && ((word[0] == '<' && word[^1] == '>') || (word[0] == '[' && word[^1] == ']'));
        if (isWrapped)
            word = word[1..^1];
        else if (!word.IsEmpty && word[^1] == ':')
            word = word[..^1];
        if (isWrapped && word.Length is >= 3 and <= 4 && word[^2] == '.' && word[..^2].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && word[^1] is >= (byte)'0' and <= (byte)'7')
            return true;
        var dot = word.IndexOfAny((byte)'.', (byte)':');
        return dot > 0 && Has(Facilities, word[..dot]) && Has(Severities, word[(dot + 1)..]);
    }

    /// <summary>Leaves out a word, and the number that may be with it, that a line begins with before its stamp.</summary>
    public static ReadOnlySpan<byte> SkipFirst(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
            return line;
        var start = line[..Math.Min(line.Length, Longest)];
        var end = line[0] == '<' ? start.IndexOf((byte)'>') + 1 : start.IndexOf((byte)' ');
        if (end <= 0)
            return line;
        var word = line[..end];
        if (line[0] != '<' && word.IndexOf((byte)'<') is > 0 and var number)
            word = word[..number];
        return IsOne(word) ? line[end..].TrimStart((byte)' ') : line;
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
