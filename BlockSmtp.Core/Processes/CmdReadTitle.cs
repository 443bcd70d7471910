namespace BlockSmtp.Processes;

/// <summary>
/// Recognises the title of a sendmail that waits for a command:
/// <c>^sendmail: (\S*: )?server (\S+ |[^\s@]*@)?\[[^]]+\]( \(may be forged\))? cmd read$</c>.
/// Anchored at both ends, because during a command the title quotes the client, who may write <c>server [IP] cmd read</c>.
/// </summary>
internal static class CmdReadTitle
{
    /// <summary>Longer than any title: sendmail formats it in a buffer of 2048 bytes (MAXLINE, conf.h).</summary>
    public const int MaxLength = 2048;

    /// <summary>Compares a title.</summary>
    /// <param name="commandLine">What /proc/PID/cmdline has: the title, then the NULs that are left of the old arguments.</param>
    public static TitleMatch Match(ReadOnlySpan<byte> commandLine)
    {
        var title = commandLine.TrimEnd((byte)0);
        if (!title.StartsWith("sendmail: "u8))
            return TitleMatch.None;
        title = title["sendmail: "u8.Length..];
        if (!title.StartsWith("server "u8))
        {
            // The prefix of ProcessTitlePrefix; a queue id, which stands there during a command, has no colon.
            var space = title.IndexOf((byte)' ');
            if (space < 1 || title[space - 1] != ':' || HasBlank(title[..space]) || !title[(space + 1)..].StartsWith("server "u8))
                return TitleMatch.None;
            title = title[(space + 1)..];
        }

        title = title["server "u8.Length..];
        var match = MatchAddress(title);
        return match == TitleMatch.Whole ? match : Better(match, Better(MatchNameAndAddress(title), MatchIdentAndAddress(title)));
    }

    /// <summary>A client without a name whose ident daemon was asked (Timeout.ident): <c>joe@[192.0.2.1]</c>.</summary>
    private static TitleMatch MatchIdentAndAddress(ReadOnlySpan<byte> title)
    {
        var at = title.IndexOf((byte)'@');
        return at < 0 || HasBlank(title[..at]) ? TitleMatch.None : MatchAddress(title[(at + 1)..]);
    }

    private static TitleMatch MatchNameAndAddress(ReadOnlySpan<byte> title)
    {
        var space = title.IndexOf((byte)' ');
        var name = space < 0 ? title : title[..space];
        if (HasBlank(name) || space == 0)
            return TitleMatch.None;
        return space < 0 ? TitleMatch.Cut : MatchAddress(title[(space + 1)..]);
    }

    private static TitleMatch MatchAddress(ReadOnlySpan<byte> title)
    {
        if (title.IsEmpty)
            return TitleMatch.Cut;
        if (title[0] != '[')
            return TitleMatch.None;
        var close = title.IndexOf((byte)']');
        if (close < 0)
            return TitleMatch.Cut;
        return close == 1 ? TitleMatch.None : MatchEnd(title[(close + 1)..]);
    }

    private static TitleMatch MatchEnd(ReadOnlySpan<byte> title)
    {
        var plain = Compare(title, " cmd read"u8);
        return plain == TitleMatch.Whole ? plain : Better(plain, Compare(title, " (may be forged) cmd read"u8));
    }

    private static TitleMatch Compare(ReadOnlySpan<byte> title, ReadOnlySpan<byte> end) =>
        title.SequenceEqual(end) ? TitleMatch.Whole : end.StartsWith(title) ? TitleMatch.Cut : TitleMatch.None;

    private static TitleMatch Better(TitleMatch one, TitleMatch other) => one > other ? one : other;

    /// <summary>Whether a word has what <c>\S</c> does not match; a NUL too, which would be the end of another argument.</summary>
    private static bool HasBlank(ReadOnlySpan<byte> word) => word.IndexOfAnyInRange((byte)0, (byte)' ') >= 0;
}
