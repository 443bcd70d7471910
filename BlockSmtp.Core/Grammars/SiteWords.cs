using System.Text;

namespace BlockSmtp.Grammars;

/// <summary>
/// Whether the words of a site say that there is no such mailbox, whatever of the sender and of the recipient they repeat: a stranger's
/// sender may not speak against who forwards his mail, and a guesser may not hide by a name that speaks of something else.
/// </summary>
internal static class SiteWords
{
    /// <summary>What ends a clause: what stands before it is whole without what follows.</summary>
    private static readonly byte[][] Ends =
        [.. new[] { "; ", ", ", ". ", "! ", " - ", " -- ", " / ", "(", "[" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Whether they say so.</summary>
    /// <param name="words">The words.</param>
    /// <param name="recipient">The recipient without brackets; empty where it is not known.</param>
    /// <param name="sender">The sender in its brackets; empty where it is not known.</param>
    /// <param name="refusals">Tells what a site's words say.</param>
    public static bool SayUnknown<TReader>(
        ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sender, RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        var address = sender.Length > 2 ? sender[1..^1] : default;
        // One that is a part of the recipient cannot be told from it, and one without a domain is a word.
        var at = !address.Contains((byte)'@') || RepeatedName.Find(recipient, address, out _) >= 0
            ? -1
            : RepeatedName.Find(words, address, out _);
        return at < 0
            ? SayWithout<TReader>(words, recipient, sender, address, refusals)
            : SayBeside<TReader>(words, at, recipient, sender, address, refusals);
    }

    /// <summary>
    /// What words say before a place, <c>No such user here; write to SENDER</c>, up to the last sentence or clause that is whole: what
    /// leads to a name may speak of it.
    /// </summary>
    public static ReadOnlySpan<byte> Before(ReadOnlySpan<byte> words, int at)
    {
        words = words[..Math.Clamp(at, 0, RepeatedName.LongestCut)];
        var end = 0;
        foreach (var mark in Ends)
            end = Math.Max(end, words.LastIndexOf(mark));
        return words[..end];
    }

    /// <summary>Judges words in which the sender stands.</summary>
    private static bool SayBeside<TReader>(
        ReadOnlySpan<byte> words,
        int at,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> sender,
        ReadOnlySpan<byte> address,
        RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        Span<byte> room = stackalloc byte[RepeatedName.LongestCut];
        var rest = words.Length > room.Length ? default : RepeatedName.Cut(words, address, room);
        if (TReader.AreServers(rest))
            return true;
        // One in the recipient's domain is the site's own address, or forged as one of a bounce is.
        // So is a clause behind it that names the recipient.
        var clause = IsOfSite(address, recipient) ? rest : ClauseOfRecipient(words[at..], recipient, address);
        return ((!clause.IsEmpty && Say<TReader>(rest, recipient, sender, address, refusals) &&
                Say<TReader>(clause, recipient, sender, address, refusals)) ||
            Say<TReader>(Before(words, at), recipient, sender, address, refusals) ||
            (!rest.IsEmpty && refusals.IsStatic(WithoutRecipient(words, recipient, room)))) &&
            !SpeakOfChecks<TReader>(words, recipient, address);
    }

    /// <summary>The clause behind a sender in which the recipient stands, <c>SENDER: no such user RECIPIENT</c>.</summary>
    private static ReadOnlySpan<byte> ClauseOfRecipient(ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sender)
    {
        while (RepeatedName.Find(words, sender, out var taken) is >= 0 and var at)
            words = words[(at + taken)..];
        var start = RepeatedName.Find(words, recipient, out _);
        if (start < 0)
            return default;
        var before = Before(words, start);
        var (from, end) = (before.Length, words.Length);
        foreach (var mark in Ends)
            end = words[start..].IndexOf(mark) is >= 0 and var next ? Math.Min(end, start + next) : end;
        return words.Length > RepeatedName.LongestCut ? default : words[from..end];
    }

    /// <summary>Judges words in which no more of the sender stands than its domain or its name.</summary>
    private static bool SayWithout<TReader>(
        ReadOnlySpan<byte> words,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> sender,
        ReadOnlySpan<byte> address,
        RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        if (TReader.AreServers(words))
            return true;
        var domainAt = IsOfSite(address, recipient) ? -1 : DomainIn(words, address);
        if (words.Length > RepeatedName.LongestCut)
            return domainAt < 0 && TReader.SayUnknown(words, sender, refusals);
        var nameAt = RepeatedName.Find(words, RepeatedName.NameOf(address), out _, asWord: true);
        var repeated = domainAt < 0 && nameAt < 0 ? default : address;
        if (Say<TReader>(words, recipient, sender, repeated, refusals))
        {
            if (SpeakOfChecks<TReader>(words, recipient, address))
                return false;
            if (repeated.IsEmpty && !sender.IsEmpty && MayHoldAddress(words))
                refusals.Learn(WithoutRecipient(words, recipient, stackalloc byte[RepeatedName.LongestCut]));
            return true;
        }

        // "No such user here (mail from )" of a null sender.
        if (sender.SequenceEqual("<>"u8))
            domainAt = Math.Max(words.IndexOf("<>"u8), words.IndexOf(" )"u8));
        return (Say<TReader>(Before(words, domainAt), recipient, sender, repeated, refusals) ||
            Say<TReader>(Before(words, nameAt), recipient, sender, repeated, refusals) ||
            Say<TReader>(Before(words, ContactIn(words)), recipient, sender, repeated, refusals)) &&
            !SpeakOfChecks<TReader>(words, recipient, address);
    }

    /// <summary>Whether words say so, as they stand or without the recipient in them, whose name may be that of anything.</summary>
    private static bool Say<TReader>(
        ReadOnlySpan<byte> words,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> sender,
        ReadOnlySpan<byte> repeated,
        RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        if (words.IsEmpty)
            return false;
        if (repeated.IsEmpty && TReader.SayUnknown(words, sender, refusals))
            return true;
        Span<byte> room = stackalloc byte[RepeatedName.LongestCut];
        if (!repeated.IsEmpty && TReader.SayUnknown(WithoutSender(words, repeated, room), sender, refusals))
            return true;
        if (recipient.IsEmpty)
            return false;
        // Where nothing was cut the answer is known.
        var rest = RepeatedName.CutAddress(words, recipient, room);
        var isCut = rest.Length < words.Length;
        rest = WithoutSender(rest, repeated, room);
        if (isCut && TReader.SayUnknown(rest, sender, refusals))
            return true;
        var bare = RepeatedName.CutName(rest, recipient, room);
        if (bare.Length < rest.Length && TReader.SayUnknown(bare, sender, refusals))
            return true;
        rest = RepeatedName.CutNameParts(bare, recipient, room);
        return rest.Length < bare.Length && TReader.SayUnknown(rest, sender, refusals);
    }

    /// <summary>
    /// Cuts the sender's domain and those above it. A word by itself, <c>user</c>, stands in what sites say: it is cut, as a name is, only
    /// where it says all of it.
    /// </summary>
    private static ReadOnlySpan<byte> WithoutSender(ReadOnlySpan<byte> words, ReadOnlySpan<byte> sender, Span<byte> room)
    {
        if (sender.IsEmpty)
            return words;
        var domain = RepeatedName.DomainOf(sender);
        if (domain.Contains((byte)'.'))
        {
            for (; domain.IndexOf((byte)'.') is >= 0 and var dot; domain = domain[(dot + 1)..])
                words = RepeatedName.Cut(words, domain, room, asWord: true);
        }
        else if (RefusalTexts.HasWordsOfMissing(domain))
        {
            words = RepeatedName.Cut(words, domain, room, asWord: true);
        }

        var name = RepeatedName.NameOf(sender);
        return RefusalTexts.HasWordsOfMissing(name) && (name.Contains((byte)':') || !RefusalTexts.AreUsual(words))
            ? RepeatedName.Cut(words, name, room, asWord: true)
            : words;
    }

    private static ReadOnlySpan<byte> WithoutRecipient(ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient, Span<byte> room) =>
        recipient.IsEmpty ? words : RepeatedName.CutName(RepeatedName.CutAddress(words, recipient, room), recipient, room);

    /// <summary>Where a sender's domain stands, or one above it; -1 for nowhere.</summary>
    private static int DomainIn(ReadOnlySpan<byte> words, ReadOnlySpan<byte> sender)
    {
        var domain = RepeatedName.DomainOf(sender);
        var at = RepeatedName.Find(words, domain, out _, asWord: true);
        while (at < 0 && domain.IndexOf((byte)'.') is >= 0 and var dot)
        {
            domain = domain[(dot + 1)..];
            if (domain.Contains((byte)'.'))
                at = RepeatedName.Find(words, domain, out _, asWord: true);
        }

        return at;
    }

    private static bool IsOfSite(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> recipient) =>
        RepeatedName.DomainOf(sender) is { IsEmpty: false } domain && Ascii.EqualsIgnoreCase(domain, RepeatedName.DomainOf(recipient));

    /// <summary>
    /// Whether words speak of SPF, DKIM or DMARC, not counting names: what they say beside that the sender's domain may have published
    /// (<c>exp=</c>).
    /// </summary>
    private static bool SpeakOfChecks<TReader>(ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sender)
        where TReader : IRefusalReader
    {
        var text = TReader.TextIn(words);
        if (ReplyCode.IsOfCheck(text))
            return true;
        if (!RefusalTexts.SpeakOfChecks(text))
            return false;
        if (text.Length > RepeatedName.LongestCut)
            return true;
        Span<byte> room = stackalloc byte[RepeatedName.LongestCut];
        var rest = RepeatedName.CutAddress(RepeatedName.Cut(text, sender, room), recipient, room);
        return RefusalTexts.SpeakOfChecks(RepeatedName.CutNameParts(WithoutSender(rest, sender, room), recipient, room));
    }

    /// <summary>Behind where a last bracket opens that holds an address, <c>User unknown [x@example.org]</c>; -1 for none.</summary>
    private static int ContactIn(ReadOnlySpan<byte> words)
    {
        if (words.IsEmpty || words[^1] is not ((byte)')' or (byte)']'))
            return -1;
        var at = words.LastIndexOfAny((byte)'(', (byte)'[');
        return at >= 0 && words[at..].Contains((byte)'@') ? at + 1 : -1;
    }

    private static bool MayHoldAddress(ReadOnlySpan<byte> words) =>
        words.IndexOfAny((byte)'@', (byte)'=') >= 0 || words.IndexOf("%40"u8) >= 0 || words.IndexOf(" at "u8) >= 0;
}
