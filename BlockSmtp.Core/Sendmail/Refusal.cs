using BlockSmtp.Grammars;

namespace BlockSmtp.Sendmail;

/// <summary>
/// Refusals that have their code with them: <c>ruleset=check_rcpt, arg1=RECIPIENT, relay=HOST, reject=550 5.1.1 RECIPIENT... text</c> and
/// <c>Milter: to=RECIPIENT, reject=550 5.1.1 text</c>.
/// </summary>
internal static class Refusal
{
    private const int LongestCopy = 203;
    private const int HalfOfCopy = 100;

    // sendmail has room for some 255 characters of what it says of a sender.
    private const int ShortestCut = 240;

    private static ReadOnlySpan<byte> Ruleset => "ruleset=check_rcpt, arg1="u8;

    private static ReadOnlySpan<byte> AnyRuleset => "ruleset="u8;

    private static ReadOnlySpan<byte> Milter => "Milter: to="u8;

    private static ReadOnlySpan<byte> Reject => ", reject="u8;

    private static ReadOnlySpan<byte> Relay => ", relay="u8;

    // What sendmail's rules say of a sender (cf/m4/proto.m4), whom they repeat without his quotes.
    private static ReadOnlySpan<byte> SenderDomain => "... Domain of sender address "u8;

    private static ReadOnlySpan<byte> SenderName => "... Domain name required for sender address "u8;

    // The code of a mailbox that is missing.
    private static ReadOnlySpan<byte> Missing => "5.1.1 "u8;

    /// <summary>Whether a line is of one of these forms.</summary>
    public static bool IsOne(ReadOnlySpan<byte> text) => text.StartsWith(Ruleset) || text.StartsWith(Milter);

    /// <summary>Reads a line of one of these forms. False when it does not say that there is no such mailbox.</summary>
    /// <param name="text">What follows the queue id.</param>
    /// <param name="refusals">Tells it by the words.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="address">The client's address; empty where the line names none, or it is not beyond doubt.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> text, RefusalTexts refusals, out ReadOnlySpan<byte> recipient, out ReadOnlySpan<byte> address) =>
        text.StartsWith(Ruleset)
            ? TryReadRuleset(text, refusals, out recipient, out address)
            : TryReadMilter(text[Milter.Length..], refusals, out recipient, out address);

    /// <summary>
    /// Whether a ruleset has refused a sender whose domain is not there: <c>ruleset=check_rcpt, arg1=RECIPIENT, relay=HOST, reject=553
    /// 5.1.8 RECIPIENT... Domain of sender address SENDER does not exist</c>. No recipient that was refused ends so.
    /// </summary>
    /// <remarks>
    /// Of a long sender sendmail leaves out the end of that. A recipient, of which the log has 203 characters, has no room for as much; and
    /// the sender's quotes and backslashes are left out after it, so that the line may be short all the same and nobody can tell.
    /// </remarks>
    /// <param name="text">What follows the queue id.</param>
    public static bool IsOfSender(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith(AnyRuleset) || text.IndexOf(SenderDomain) is not (> 0 and var start) || text.IndexOf(Relay) < 0)
            return false;
        if (OwnForms.LengthOf(text[start..]) >= ShortestCut || OwnForms.LengthOf(text[..text.LastIndexOf("... "u8)]) >= ShortestCut)
            return true;
        if (!text.EndsWith(" does not exist"u8) && !text.EndsWith(" does not resolve"u8))
            return false;
        var rest = text[..text.LastIndexOf(" does not "u8)];
        return rest.LastIndexOf((byte)'@') is > 0 and var at && !rest[at..].Contains((byte)' ');
    }

    /// <summary>
    /// Whether the words of a milter may have the sender in them, whom a stranger has worded and only the end of the transaction tells.
    /// 5.1.1 says by itself what it says.
    /// </summary>
    /// <param name="text">What follows the queue id.</param>
    public static bool MayHoldSender(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith(Milter))
            return false;
        text = text[Milter.Length..];
        // What stands in the recipient's quotes or comments is his.
        var (at, nesting) = (0, default(Nesting));
        while (at < text.Length && !(nesting.IsOutside && text[at..].StartsWith(Reject)))
            at += nesting.Take(text[at..]);
        if (at >= text.Length)
            return false;
        var recipient = text[..at];
        var reply = text[(at + Reject.Length)..];
        if (reply.Length > 4 && reply[4..].StartsWith(Missing))
            return false;
        var words = TrySkipCopy(reply, recipient, out var rest) ? rest["... ".Length..] : ReplyCode.Skip(reply);
        if (words.IndexOf("... "u8) >= 0 || words.IndexOf(Reject) >= 0 || words.Length > RepeatedName.LongestCut)
            return true;
        return words.Contains((byte)'@')
            && RepeatedName.Cut(words, RepeatedName.AddressIn(recipient), stackalloc byte[RepeatedName.LongestCut]).Contains((byte)'@');
    }

    /// <summary>
    /// Whether a line of one of these forms may say that there is no such mailbox although its last words do not: by its code, or by words
    /// with no recipient before them. Most of them refuse for another reason.
    /// </summary>
    /// <param name="text">What follows the queue id.</param>
    /// <param name="words">The last words of it; none where it has none.</param>
    public static bool MayBeOfMissing(ReadOnlySpan<byte> text, ReadOnlySpan<byte> words) =>
        words.IsEmpty || text.IndexOf(Missing) >= 0 || words.IndexOf(Reject) >= 0;

    /// <summary>
    /// The words of a permanent refusal of one of these forms; none where it is another line, or one of a sender by its code.
    /// </summary>
    /// <param name="text">What follows the queue id.</param>
    public static ReadOnlySpan<byte> WordsOf(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> reply;
        if (text.StartsWith(Milter))
            reply = text.LastIndexOf(Reject) is >= 0 and var at ? text[(at + Reject.Length)..] : default;
        else if (!text.StartsWith(Ruleset) || !TryFindReply(text[Ruleset.Length..], out _, out _, out reply))
            return default;
        return ReplyCode.IsOfRecipient(reply) ? WordsIn(reply) : default;
    }

    /// <remarks>
    /// The recipient stands there twice, so a place for the relay is the true one when what is before it comes again behind the code, whole
    /// or, of more than 203 characters, shortened. A client can write the whole form into a recipient, but only into the first copy: of
    /// several places the last is sendmail's, as behind it there is not enough text for the copy of a longer one. Behind the true copy
    /// there are the words of the refusal alone.
    /// </remarks>
    private static bool TryReadRuleset(
        ReadOnlySpan<byte> text, RefusalTexts refusals, out ReadOnlySpan<byte> recipient, out ReadOnlySpan<byte> address)
    {
        text = text[Ruleset.Length..];
        if (TryFindReply(text, out recipient, out address, out var reply))
            return IsUnknown(reply, refusals);
        // Of a sender, for certain or perhaps: one that ends the line may be the end of a recipient as well.
        if (text.IndexOf(SenderName) >= 0 || text.IndexOf(SenderDomain) >= 0)
        {
            recipient = default;
            return false;
        }

        // Shortened, of a kind not seen yet, or a recipient from end to end, any part of which may be the name: who it was is told by the
        // process and the queue id.
        recipient = text;
        // A client may write a code of its own into the recipient: then the words alone tell.
        return SaysUnknownAtEnd(text, refusals) ||
            (text.LastIndexOf(Reject) is >= 0 and var at
                && text.IndexOf(Reject) == at
                && IsUnknown(text[(at + Reject.Length)..], refusals));
    }

    private static bool TryFindReply(
        ReadOnlySpan<byte> text, out ReadOnlySpan<byte> recipient, out ReadOnlySpan<byte> address, out ReadOnlySpan<byte> reply)
    {
        recipient = address = reply = default;
        var places = 0;
        var isFound = false;
        for (var at = 0; at + Relay.Length + Math.Min(at, LongestCopy) <= text.Length; at++)
        {
            var next = text[at..].IndexOf(Relay);
            if (next < 0)
                break;
            at += next;
            if (!RelayText.TryRead(text[(at + Relay.Length)..], out var named, out var length))
                continue;
            var rest = text[(at + Relay.Length + length)..];
            if (!rest.StartsWith(Reject))
                continue;
            places++;
            reply = rest[Reject.Length..];
            isFound = TrySkipCopy(reply, text[..at], out var words)
                && (LastWords.AreUsual(words) || (words.IndexOf(Relay) < 0 && IsLast(words)));
            recipient = isFound ? text[..at] : default;
            address = isFound ? named : default;
        }

        // What is escaped in the log is shortened before that, so that a copy may not be known for one.
        if (isFound && (places == 1 || !text.Contains((byte)'\\')))
            return true;
        recipient = address = reply = default;
        return false;
    }

    private static bool TryReadMilter(
        ReadOnlySpan<byte> text, RefusalTexts refusals, out ReadOnlySpan<byte> recipient, out ReadOnlySpan<byte> address)
    {
        address = default;
        recipient = text;
        var at = text.LastIndexOf(Reject);
        if (at < 0)
            return false;
        var reply = text[(at + Reject.Length)..];
        // Without dots it is the milter's line; with them it may be a recipient from end to end, but for a copy of what stands before it.
        if (reply.IndexOf("... "u8) < 0 || (TrySkipCopy(reply, text[..at], out var words) && IsLast(words)))
            recipient = text[..at];
        return IsUnknown(reply, refusals);
    }

    /// <summary>Whether the words of a refusal are all that follows, and no more of a client's.</summary>
    private static bool IsLast(ReadOnlySpan<byte> words) => words["... ".Length..].IndexOf("... "u8) < 0;

    /// <summary>Whether <c>550 5.1.1 RECIPIENT...</c> has just this recipient, and what follows it.</summary>
    private static bool TrySkipCopy(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> recipient, out ReadOnlySpan<byte> words)
    {
        words = default;
        if (recipient.Length > LongestCopy)
        {
            // shortenstring() of sendmail: the beginning, three dots, the end.
            var begin = reply.IndexOf(recipient[..HalfOfCopy]);
            if (begin is not (>= 4 and <= 13))
                return false;
            var rest = reply[(begin + HalfOfCopy)..];
            if (!rest.StartsWith("..."u8) || !rest[3..].StartsWith(recipient[^HalfOfCopy..]))
                return false;
            words = rest[(3 + HalfOfCopy)..];
        }
        else
        {
            // It begins where its first character stands for the first time, but for odd ones.
            var at = recipient.IsEmpty ? 0 : reply.IndexOf(recipient[0]);
            if (at >= 0 && !reply[at..].StartsWith(recipient))
                at = reply.IndexOf(recipient);
            if (at is not (>= 4 and <= 13))
                return false;
            words = reply[(at + recipient.Length)..];
        }

        return words.StartsWith("... "u8);
    }

    /// <summary>
    /// Reads <c>550 5.1.1 text</c>: 5.1.1 says it by itself, another permanent code by its words, and one of SPF and the like, or a
    /// temporary one, not at all.
    /// </summary>
    private static bool IsUnknown(ReadOnlySpan<byte> reply, RefusalTexts refusals) =>
        !reply.IsEmpty && reply[0] == '5' && !ReplyCode.IsOfCheck(reply) &&
        ((reply.Length > 9 && reply[4..].StartsWith(Missing)) || refusals.SaysUnknown(WordsIn(reply)));

    /// <summary>What follows the recipient; a milter's reply need not have one.</summary>
    private static ReadOnlySpan<byte> WordsIn(ReadOnlySpan<byte> reply) =>
        LastWords.TryCut(reply, out _, out var words) ? words : ReplyCode.Skip(reply);

    private static bool SaysUnknownAtEnd(ReadOnlySpan<byte> text, RefusalTexts refusals) =>
        LastWords.TryCut(text, out _, out var words) && refusals.SaysUnknown(words);
}
