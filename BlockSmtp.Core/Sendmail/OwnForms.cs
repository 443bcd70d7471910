using BlockSmtp.Grammars;

namespace BlockSmtp.Sendmail;

/// <summary>
/// The lines of sendmail's own that may end in a refusal's words without being one. Whatever else ends so is a recipient that was refused:
/// who finds a spelling that is refused and not counted guesses for free.
/// </summary>
internal static class OwnForms
{
    // sendmail logs at most this much of a recipient: the first 100 characters, "...", and the last 100 (MAXSHORTSTR, shortenstring).
    private const int ShortenedLength = 203;
    private const int ShortenedAt = 100;

    /// <summary>Whether a line is one of sendmail's own.</summary>
    /// <param name="text">What follows the queue id, without the words of the refusal.</param>
    public static bool IsOne(ReadOnlySpan<byte> text) =>
        !IsShortened(text) && (IsCommand(text) ? !HasClosingBracket(text) : !RecipientText.IsRecipient(text) && HasForm(text));

    /// <summary>At LogLevel 20 each command and each answer is logged.</summary>
    public static bool IsCommand(ReadOnlySpan<byte> text) => text.StartsWith("<-- "u8);

    /// <summary>
    /// Whether a line is an answer of sendmail's, which it logs from LogLevel 15 on, that no client can have written: of a recipient it
    /// says no such thing.
    /// </summary>
    public static bool IsAnswer(ReadOnlySpan<byte> text, ReadOnlySpan<byte> words) =>
        text.StartsWith("--- 250 "u8) && words.SequenceEqual("Sender ok"u8);

    /// <summary>
    /// To whom sendmail answers in a line that begins like an answer, <c>--- 550 5.1.1 RECIPIENT</c>; empty else, and where it may leave
    /// something out of him.
    /// </summary>
    public static ReadOnlySpan<byte> AnsweredIn(ReadOnlySpan<byte> text) =>
        text.StartsWith("--- 5"u8) && text.IndexOf("..."u8) < 0 ? ReplyCode.Skip(text["--- ".Length..]) : default;

    /// <summary>
    /// Whether a bracket is closed in a text that begins like a command: then it may be a recipient that was made to look so, as sendmail
    /// takes none whose first bracket stays open. A client that has one in a command speaks against itself alone.
    /// </summary>
    private static bool HasClosingBracket(ReadOnlySpan<byte> text) => text.Contains((byte)'>');

    private static bool HasForm(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("to="u8))
            return text.IndexOf(", delay="u8) >= 0 || text.IndexOf(", stat="u8) >= 0;
        if (text.StartsWith("from="u8))
            return text.IndexOf(", size="u8) >= 0;
        // A ruleset that refuses a recipient is read elsewhere (Refusal); the others are of senders, connections and the like.
        if (text.StartsWith("--> "u8) || text.StartsWith("--- "u8) || text.StartsWith("ruleset="u8) || text.StartsWith("milter="u8))
            return true;
        var colon = text.IndexOf(": "u8);
        if (colon < 0)
            return false;
        // "6ANI8mRt029791: DSN: User unknown", "return to sender: ..." and the like, and a client's VRFY or EXPN.
        return QueueIdLike(text[..colon]) || text.StartsWith("AUTH failure"u8) || text.StartsWith("return to sender: "u8) ||
            text.StartsWith("sender notify: "u8) || text.StartsWith("postmaster notify: "u8) || text.StartsWith("return receipt: "u8) ||
            text.StartsWith("Authentication-Warning: "u8) || text.StartsWith("SYSERR"u8) || text.StartsWith("Milter"u8) ||
            text.StartsWith("alias "u8) || text.StartsWith("collect: "u8) || text.StartsWith("clone: "u8) ||
            IsAnswerOfOther(text) || IsInFile(text) ||
            RelayText.TryRead(text, out _, out var length) && text[length..].StartsWith(": "u8);
    }

    /// <summary>
    /// Whether it is what another server has answered to a delivery that the client waits for (DeliveryMode=interactive):
    /// <c>mx.example.: SMTP RCPT protocol error: 399 5.1.1 &lt;x@far.example&gt;</c>. Whose server that is chooses the words.
    /// </summary>
    private static bool IsAnswerOfOther(ReadOnlySpan<byte> text)
    {
        var smtp = text.IndexOf(": SMTP "u8);
        if (smtp <= 0 || text[..smtp].Contains((byte)' '))
            return false;
        text = text[(smtp + ": SMTP ".Length)..];
        var phase = text.IndexOf((byte)' ');
        return phase >= 0 && text[phase..].StartsWith(" protocol error: "u8);
    }

    /// <summary>Whether it is of a line of a mailing list or of <c>.forward</c>: <c>/etc/mail/list: line 2: joe</c>.</summary>
    private static bool IsInFile(ReadOnlySpan<byte> text)
    {
        if (text[0] != '/' || text.IndexOf(": line "u8) is not (> 0 and var at))
            return false;
        text = text[(at + ": line ".Length)..];
        var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits > 0 && text[digits..].StartsWith(": "u8);
    }

    private static bool QueueIdLike(ReadOnlySpan<byte> text) => QueueId.TryParse(text, out _);

    /// <summary>
    /// Whether a recipient was shortened, before what the log has escaped in it (<c>\\</c>, <c>\t</c>, <c>\001</c>). What it begins with is
    /// as the client has typed it, so that a line of sendmail's own is none, however long another has made it.
    /// </summary>
    private static bool IsShortened(ReadOnlySpan<byte> text)
    {
        if (text.Length < ShortenedLength)
            return false;
        var length = 0;
        var dots = 0;
        var begin = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (length == ShortenedAt)
                begin = at;
            if (text[at] == '\\')
                at += EscapedLength(text[(at + 1)..]);
            if (length is >= ShortenedAt and < ShortenedAt + 3 && text[at] == '.')
                dots++;
            length++;
        }

        return length == ShortenedLength && dots == 3 && RecipientText.IsRecipient(text[..begin]);
    }

    /// <summary>How long a text was before the log has escaped what is in it.</summary>
    public static int LengthOf(ReadOnlySpan<byte> text)
    {
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at += EscapedLength(text[(at + 1)..]);
            length++;
        }

        return length;
    }

    private static int EscapedLength(ReadOnlySpan<byte> text) =>
        text.IsEmpty ? 0 : text[0] is >= (byte)'0' and <= (byte)'7' ? Math.Min(text.Length, 3) : 1;
}
