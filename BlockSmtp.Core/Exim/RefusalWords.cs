using BlockSmtp.Grammars;

namespace BlockSmtp.Exim;

/// <summary>Whether the words of a refusal say that there is no such mailbox: Exim's own, a site's, or another server's.</summary>
internal static class RefusalWords
{
    private static ReadOnlySpan<byte> OtherServer => " : SMTP error from remote mail server after RCPT TO:"u8;

    /// <summary>Whether all that follows a recipient and its colon says so.</summary>
    /// <param name="words">The words, up to the end of the line.</param>
    /// <param name="recipient">The recipient in its brackets, which they may repeat.</param>
    /// <param name="sender">The sender in its brackets; empty for none.</param>
    /// <param name="client">The client, as Exim names it.</param>
    /// <param name="refusals">Tells what the words of a refusal say.</param>
    /// <param name="isDoubtful">Whether they only may say so, as far as a sender's name in them may be the site's own words.</param>
    public static bool SayUnknown(
        ReadOnlySpan<byte> words,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> sender,
        ReadOnlySpan<byte> client,
        RefusalTexts refusals,
        out bool isDoubtful)
    {
        isDoubtful = false;
        return words.SequenceEqual("Unrouteable address"u8) || WordsSayUnknown(words, recipient, sender, client, refusals, out isDoubtful);
    }

    private static bool WordsSayUnknown(
        ReadOnlySpan<byte> words,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> sender,
        ReadOnlySpan<byte> client,
        RefusalTexts refusals,
        out bool isDoubtful)
    {
        isDoubtful = false;
        // Most of a log's are "relay not permitted", and whose names they hold does not matter.
        var speak = refusals.SpeaksOfMissing(words);
        if (!speak && AreOneText(words))
            return false;
        // What a sender has written says nothing, and what a recipient has hides nothing.
        var names = NamesOf(RepeatedName.AddressIn(recipient), sender, client);
        if (SiteWords.SayUnknown<Reader>(words, names, refusals))
            return true;
        isDoubtful = speak && SiteWords.MaySayUnknown<Reader>(words, names, refusals);
        return isDoubtful;
    }

    private static RefusedNames NamesOf(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> client) =>
        new() { Recipient = recipient, Sender = sender, Client = client, Helo = HeloIn(client) };

    /// <summary>What a client calls itself: <c>host.example (NAME) [ADDRESS]</c>; empty where it says its name in the DNS.</summary>
    private static ReadOnlySpan<byte> HeloIn(ReadOnlySpan<byte> client)
    {
        var (at, end) = (client.IndexOf((byte)'('), client.LastIndexOf(") ["u8));
        return at >= 0 && end > at ? client[(at + 1)..end] : default;
    }

    /// <summary>Whether the end of a line says so of a recipient without brackets, whatever it repeats of him and others.</summary>
    /// <param name="text">The recipient, and what follows.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="sender">The sender in its brackets; empty for none.</param>
    /// <param name="client">The client, as Exim names it.</param>
    /// <param name="refusals">Tells what the words of a refusal say.</param>
    public static bool EndSaysUnknown(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> sender,
        ReadOnlySpan<byte> client,
        RefusalTexts refusals) =>
        EndSaysUnknown(text, recipient, sender, refusals) ||
        (SiteWords.TryCutClient(text, NamesOf(default, sender, client), stackalloc byte[RepeatedName.LongestCut], out var rest) &&
            EndSaysUnknown(rest, recipient, sender, refusals));

    private static bool EndSaysUnknown(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sender, RefusalTexts refusals)
    {
        if (EndSaysUnknown(text, recipient, refusals))
            return true;
        var address = sender.Length > 2 ? sender[1..^1] : default;
        var at = RepeatedName.Find(text, address, out _);
        return at >= 0 && text.Length <= RepeatedName.LongestCut &&
            (EndSaysUnknown(SiteWords.Before(text, at), recipient, refusals) ||
            EndSaysUnknown(RepeatedName.Cut(text, address, stackalloc byte[RepeatedName.LongestCut]), recipient, refusals));
    }

    private static bool EndSaysUnknown(ReadOnlySpan<byte> text, ReadOnlySpan<byte> recipient, RefusalTexts refusals)
    {
        if (EndSaysUnknown(text, refusals))
            return true;
        var end = text.LastIndexOf(": "u8);
        var address = RepeatedName.AddressIn(recipient);
        if (end < 0 || text.Length - end > RepeatedName.LongestCut || address.IsEmpty)
            return false;
        Span<byte> room = stackalloc byte[RepeatedName.LongestCut];
        var words = text[(end + 2)..];
        var rest = RepeatedName.CutAddress(words, address, room);
        if (rest.Length < words.Length && IsUnknown(rest, refusals))
            return true;
        var bare = RepeatedName.CutName(rest, address, room);
        return bare.Length < rest.Length && IsUnknown(bare, refusals);
    }

    /// <summary>Whether the end of a line says so, behind the last colon, or behind the last bracket with one.</summary>
    public static bool EndSaysUnknown(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        var end = text.LastIndexOf(": "u8);
        var bracket = text.LastIndexOf(">: "u8);
        return end >= 0 && (IsUnknown(text[(end + 2)..], refusals) || (bracket >= 0 && IsUnknown(text[(bracket + 3)..], refusals)) ||
            OtherServerSaysUnknown(text, refusals));
    }

    /// <summary>Whether a line ends in what Exim says of a sender that no router takes (<c>verify = sender</c>).</summary>
    public static bool AreOfSender(ReadOnlySpan<byte> text) => text.EndsWith(": Sender verify failed"u8);

    /// <summary>Whether words are a text of the site's alone, with nothing of another server's and not what Exim says of its own.</summary>
    private static bool AreOneText(ReadOnlySpan<byte> words) =>
        words.IndexOfAny((byte)':', (byte)'"') < 0 && !words.SequenceEqual(CalloutWords.Memory);

    private static bool EndIn(ReadOnlySpan<byte> words, ReadOnlySpan<byte> fixedWords) =>
        words.EndsWith(fixedWords) && (words.Length == fixedWords.Length || words[..^fixedWords.Length].EndsWith(": "u8));

    /// <summary>Whether words end in Exim's own, behind a site's; another server may have written the same.</summary>
    private static bool EndAsExims(ReadOnlySpan<byte> words) =>
        (EndIn(words, "Unrouteable address"u8) || EndIn(words, CalloutWords.Memory)) &&
        !AreReply(words, out _);

    /// <summary>Whether words hold another server's reply, and whether it was to a recipient's name that is still there.</summary>
    public static bool AreReply(ReadOnlySpan<byte> words, out bool isToRecipient)
    {
        var at = words.IndexOf("SMTP error from remote mail server after "u8);
        if (at < 0)
            at = words.IndexOf("response to \""u8);
        var recipient = at < 0 ? -1 : words[at..].IndexOf("RCPT TO:<"u8);
        isToRecipient = recipient >= 0 && !words[(at + recipient + "RCPT TO:<"u8.Length)..].StartsWith(">"u8);
        return at >= 0;
    }

    /// <summary>
    /// What another server has answered of a recipient. Of a site's own text before it a sender may have written a piece. Exim says it
    /// again at the end where that text is the answer itself (<c>log_message = $acl_verify_message</c>).
    /// </summary>
    private static bool TryReadReply(ReadOnlySpan<byte> words, out ReadOnlySpan<byte> reply)
    {
        var server = words.IndexOf(OtherServer);
        var isOne = server >= 0 && words[..server].IndexOfAny((byte)'"', (byte)'<') < 0;
        // What is no repetition of the first is a text in it, perhaps of a sender's.
        if (isOne && words.LastIndexOf(OtherServer) is var last && words[server..last].StartsWith(words[last..]))
            server = last;
        reply = isOne ? ReplyIn(words[(server + OtherServer.Length)..]) : default;
        return isOne;
    }

    /// <summary>
    /// Reads <c>HOST [ADDRESS] : SMTP error from remote mail server after RCPT TO:&lt;x&gt;: 550 5.1.1 …</c> of a callout: another server
    /// knows no such mailbox. It may repeat what the client has written, so all places are tried.
    /// </summary>
    private static bool OtherServerSaysUnknown(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        while (text.IndexOf(OtherServer) is >= 0 and var at)
        {
            text = text[(at + OtherServer.Length)..];
            if (IsUnknownReply(ReplyIn(text), refusals))
                return true;
        }

        return false;
    }

    /// <summary>Another server's refusal for good behind a recipient in brackets; empty where there is none.</summary>
    private static ReadOnlySpan<byte> ReplyIn(ReadOnlySpan<byte> text)
    {
        var end = BracketedAddress.EndIn(text);
        return end >= 0 && text[(end + 1)..].StartsWith(": 5"u8) ? text[(end + 3)..] : default;
    }

    private static bool IsUnknownReply(ReadOnlySpan<byte> reply, RefusalTexts? refusals)
    {
        var code = reply[Math.Min(reply.Length, 4)..];
        if (ReplyCode.IsOfCheck(code))
            return false;
        return ReplyCode.IsOfMissing(code) ||
            (refusals is not null && IsUnknown(ReplyCode.Skip(reply), refusals));
    }

    private static bool IsUnknown(ReadOnlySpan<byte> words, RefusalTexts refusals) =>
        words.SequenceEqual("Unrouteable address"u8) || words.SequenceEqual(CalloutWords.Memory) ||
        refusals.SaysUnknown(words);

    /// <summary>Reads what follows a recipient in brackets, with nothing of a client's in it.</summary>
    private readonly struct Reader : IRefusalReader
    {
        public static bool SayUnknown(ReadOnlySpan<byte> words, ReadOnlySpan<byte> sender, RefusalTexts refusals)
        {
            if (EndAsExims(words))
                return true;
            if (TryReadReply(words, out var reply))
                return IsUnknownReply(reply, refusals);
            // A sender's server may say what it likes of the verification of a sender.
            if (AreReply(words, out var isToRecipient) && !isToRecipient)
                return false;
            var hasQuotes = sender.Contains((byte)'"');
            return refusals.SaysUnknown(words) ||
                ((!hasQuotes || words.StartsWith("response to \"RCPT TO:"u8)) && EndSaysUnknown(words, refusals));
        }

        public static bool AreServers(ReadOnlySpan<byte> words) =>
            EndAsExims(words) || (AreReply(words, out var isToRecipient) && isToRecipient && TryReadReply(words, out var reply) &&
                IsUnknownReply(reply, null));

        public static ReadOnlySpan<byte> TextIn(ReadOnlySpan<byte> words) => TryReadReply(words, out var reply) ? reply : words;
    }
}
