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

    /// <summary>Where words have no sender although there is room for one.</summary>
    private static readonly byte[][] Nobody =
        [.. new[] { "<>", "  ", " )", " ]", " ,", " ;", "()", "[]" }.Select(Encoding.ASCII.GetBytes)];

    // No text of a mail server's has it.
    private const byte SenderMark = 1;

    // A sender may have its name many times in what is said.
    private const int MostPlaces = 16;

    // A client stands in them once or twice, and its name may be a word of theirs.
    private const int MostOfClient = 4;

    /// <summary>Whether they say so.</summary>
    /// <param name="words">The words.</param>
    /// <param name="names">What they may repeat.</param>
    /// <param name="refusals">Tells what a site's words say.</param>
    public static bool SayUnknown<TReader>(ReadOnlySpan<byte> words, scoped in RefusedNames names, RefusalTexts refusals)
        where TReader : IRefusalReader =>
        SayOfAll<TReader>(words, names, refusals) ||
        (TryCutClient(words, names, stackalloc byte[RepeatedName.LongestCut], out var rest) &&
            (SayOfAll<TReader>(rest, names, refusals) || SayBeforeClient<TReader>(words, names, refusals)));

    /// <summary>
    /// Whether they say so before one of the places at which they name the client, <c>User unknown; client mx.example [192.0.2.1]</c>: the
    /// first may be in the site's own words.
    /// </summary>
    private static bool SayBeforeClient<TReader>(ReadOnlySpan<byte> words, scoped in RefusedNames names, RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        var at = PlaceOfClient(words, names);
        // Of what another server has answered the client is no part, and what looks like it may be somebody's who wanted that.
        var most = TReader.TextIn(words).Length == words.Length ? MostOfClient : 1;
        for (var place = 0; at >= 0 && place < most; place++)
        {
            if (SayBefore<TReader>(words, at, names, refusals) || SayBefore<TReader>(words, PlaceOfUnnamed(words, at), names, refusals))
                return true;
            var next = PlaceOfClient(words[(at + 1)..], names);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static bool SayBefore<TReader>(ReadOnlySpan<byte> words, int at, scoped in RefusedNames names, RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        var before = Before(words, at);
        return !before.IsEmpty && SayOfAll<TReader>(before, names, refusals) && !SpeakOfChecks<TReader>(words[before.Length..], names);
    }

    /// <summary>Where a client without a name is shown as unknown, <c>client unknown [192.0.2.1]</c>; -1 where it is not.</summary>
    private static int PlaceOfUnnamed(ReadOnlySpan<byte> words, int address)
    {
        var before = words[..address].TrimEnd(" [("u8);
        return before.EndsWith(" unknown"u8) ? before.Length - "unknown"u8.Length : -1;
    }

    /// <summary>
    /// Whether they say so if a sender's name that stands in them is the site's own words, and not the sender repeated. Nobody can tell, as
    /// long as they were said of this one only.
    /// </summary>
    /// <inheritdoc cref="SayUnknown{TReader}(ReadOnlySpan{byte}, in RefusedNames, RefusalTexts)"/>
    public static bool MaySayUnknown<TReader>(ReadOnlySpan<byte> words, scoped in RefusedNames names, RefusalTexts refusals)
        where TReader : IRefusalReader =>
        MaySayOfAll<TReader>(words, names, refusals) ||
        (TryCutClient(words, names, stackalloc byte[RepeatedName.LongestCut], out var rest, keepsName: false) &&
            (SayOfAll<TReader>(rest, names, refusals) || MaySayOfAll<TReader>(rest, names, refusals)));

    /// <summary>
    /// Cuts what a client is called, by itself and by the DNS: it speaks against itself alone, and hides nothing by it. The sender, who may
    /// be somebody else, keeps what he has of it, and so does the recipient, who would not be known again.
    /// </summary>
    /// <param name="words">The words.</param>
    /// <param name="names">What they may repeat.</param>
    /// <param name="room">Where what is left is written.</param>
    /// <param name="rest">What is left.</param>
    /// <param name="keepsName">Whether what may be the site's own words keeps it, too.</param>
    /// <returns>Whether anything was cut.</returns>
    public static bool TryCutClient(
        ReadOnlySpan<byte> words, scoped in RefusedNames names, Span<byte> room, out ReadOnlySpan<byte> rest, bool keepsName = true)
    {
        rest = words;
        if (words.Length > room.Length || PlaceOfClient(words, names) < 0)
            return false;
        var length = 0;
        for (var left = words; ;)
        {
            var at = PlaceOfSender(left, names.Address, keepsName, out var taken);
            if (RepeatedName.Find(left, names.Recipient, out var ofRecipient) is >= 0 and var place && (at < 0 || place < at))
                (at, taken) = (place, ofRecipient);
            length += CutClient(at < 0 ? left : left[..at], names, room[length..]);
            if (at < 0)
                break;
            left.Slice(at, taken).CopyTo(room[length..]);
            length += taken;
            left = left[(at + taken)..];
        }

        rest = room[..length];
        return length < words.Length;
    }

    /// <summary>
    /// Where the first piece of a sender stands, the address, its domain or its name; -1 for nowhere. A name by itself may be the site's
    /// own words, and so may a domain without a dot.
    /// </summary>
    private static int PlaceOfSender(ReadOnlySpan<byte> words, ReadOnlySpan<byte> address, bool keepsName, out int length)
    {
        length = 0;
        if (!address.Contains((byte)'@'))
            return -1;
        var at = RepeatedName.Find(words, address, out length);
        foreach (var isName in (ReadOnlySpan<bool>)[true, false])
        {
            var piece = isName ? RepeatedName.NameOf(address) : RepeatedName.DomainOf(address);
            var isMeant = keepsName || (!isName && piece.Contains((byte)'.'));
            if (isMeant && RepeatedName.Find(words, piece, out var taken, asWord: true) is >= 0 and var before && (at < 0 || before < at))
                (at, length) = (before, taken);
        }

        return at;
    }

    /// <summary>Where words hold the sender, or a piece of him, or what the client is called, for the first time; -1 for nowhere.</summary>
    public static int PlaceOfName(ReadOnlySpan<byte> words, scoped in RefusedNames names)
    {
        var (ofSender, ofClient) = (
            PlaceOfSender(words, names.Address, keepsName: true, out _), PlaceOfClient(words, names));
        return ofSender < 0 || (ofClient >= 0 && ofClient < ofSender) ? ofClient : ofSender;
    }

    /// <summary>Where words hold what a client is called for the first time; -1 for nowhere.</summary>
    private static int PlaceOfClient(ReadOnlySpan<byte> words, scoped in RefusedNames names)
    {
        var at = -1;
        foreach (var place in (ReadOnlySpan<int>)[0, 1, 2])
        {
            if (RepeatedName.Find(words, CalledIn(names, place), out _, asWord: true) is >= 0 and var found && (at < 0 || found < at))
                at = found;
        }

        return at;
    }

    /// <summary>Cuts what a client is called out of a text, and writes what is left.</summary>
    private static int CutClient(ReadOnlySpan<byte> text, scoped in RefusedNames names, Span<byte> room)
    {
        text.CopyTo(room);
        ReadOnlySpan<byte> rest = room[..text.Length];
        rest = RepeatedName.Cut(rest, names.Client, room, asWord: true);
        // In brackets it may be what the client calls itself, too.
        if (names.Client.LastIndexOf((byte)'[') is >= 0 and var bracket)
            rest = RepeatedName.Cut(rest, names.Client[bracket..], room);
        foreach (var place in (ReadOnlySpan<int>)[0, 1, 2])
            rest = RepeatedName.Cut(rest, CalledIn(names, place), room, asWord: true);
        return rest.Length;
    }

    /// <summary>One of the three texts that a client is called by: its name in the DNS, its address, what it calls itself.</summary>
    private static ReadOnlySpan<byte> CalledIn(scoped in RefusedNames names, int place)
    {
        if (place == 2)
            return names.Helo;
        var bracket = names.Client.LastIndexOf((byte)'[');
        if (place == 1)
            return names.Client[(bracket + 1)..].TrimEnd((byte)']');
        var host = names.Client[..Math.Max(0, names.Client.IndexOfAny(" (["u8))];
        // Postfix's for one without a name.
        return host.SequenceEqual("unknown"u8) ? default : host;
    }

    private static bool SayOfAll<TReader>(ReadOnlySpan<byte> words, scoped in RefusedNames names, RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        var at = PlaceOf(names.Address, words, names.Recipient);
        return at < 0 ? SayWithout<TReader>(words, names, refusals) : SayBeside<TReader>(words, at, names, refusals);
    }

    private static bool MaySayOfAll<TReader>(ReadOnlySpan<byte> words, scoped in RefusedNames names, RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        if (words.Length > RepeatedName.LongestCut)
            return false;
        var address = names.Address;
        var at = PlaceOf(address, words, names.Recipient);
        if (at >= 0)
            return SayBeside<TReader>(words, at, names, refusals, keepsName: true);
        if (SpeakOfChecks<TReader>(words, names, inDoubt: true))
            return false;
        var repeated = IsOfSite(address, names.Recipient) ? default : address;
        if (Say<TReader>(words, names, repeated, refusals, keepsName: true))
            return true;
        // Or else his name, his domain or both are repeated by themselves, and are none of the site's words.
        Span<byte> room = stackalloc byte[RepeatedName.LongestCut];
        foreach (var (ofName, ofDomain) in (ReadOnlySpan<(bool, bool)>)[(true, false), (false, true), (true, true)])
        {
            var rest = ofName ? CutBothNames(words, names, room) : words;
            rest = ofDomain ? RepeatedName.CutAddress(rest, address, room) : rest;
            if (rest.Length < words.Length && Say<TReader>(rest, names, repeated, refusals, keepsName: true))
                return true;
        }

        return false;
    }

    /// <summary>Where the sender's address stands in words; -1 for nowhere.</summary>
    private static int PlaceOf(ReadOnlySpan<byte> address, ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient) =>
        // One that is a part of the recipient cannot be told from it, and one without a domain is a word.
        !address.Contains((byte)'@') || RepeatedName.Find(recipient, address, out _) >= 0
            ? -1
            : RepeatedName.Find(words, address, out _);

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

    /// <summary>
    /// Judges words in which the sender stands. What they say to one they say to others, whoever is in them.
    /// </summary>
    private static bool SayBeside<TReader>(
        ReadOnlySpan<byte> words,
        int at,
        scoped in RefusedNames names,
        RefusalTexts refusals,
        bool keepsName = false)
        where TReader : IRefusalReader
    {
        var recipient = names.Recipient;
        var address = names.Address;
        Span<byte> room = stackalloc byte[RepeatedName.LongestCut];
        var rest = words.Length > room.Length ? default : RepeatedName.Cut(words, address, room);
        if (TReader.AreServers(rest))
            return true;
        // One in the recipient's domain is the site's own address, or forged as one of a bounce is.
        // So is a clause behind it that names the recipient.
        var clause = IsOfSite(address, recipient) ? rest : ClauseOfRecipient(words[at..], recipient, address);
        var saysUnknown = (!clause.IsEmpty && Say<TReader>(rest, names, address, refusals, keepsName) &&
                Say<TReader>(clause, names, address, refusals, keepsName)) ||
            Say<TReader>(Before(words, at), names, address, refusals, keepsName) ||
            Say<TReader>(UpToRecipient(words[..at], recipient), names, address, refusals, keepsName);
        if (SpeakOfChecks<TReader>(words, names, inDoubt: keepsName))
            return false;
        if (rest.IsEmpty)
            return saysUnknown;
        if (!saysUnknown)
            return refusals.IsStatic(WithoutRecipient(words, recipient, room)) ||
                refusals.IsStatic(TemplateOf(words, recipient, address, room));
        // A sender of this site's may be the one who is not known.
        if (!keepsName && !IsOfSite(address, recipient))
            refusals.Learn(TemplateOf(words, recipient, address, room));
        return true;
    }

    /// <summary>Words without the recipient, and with a mark for the sender, so that neither is taken for the other.</summary>
    private static ReadOnlySpan<byte> TemplateOf(
        ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> address, Span<byte> room)
    {
        var length = 0;
        for (var left = words; ;)
        {
            var at = RepeatedName.Find(left, address, out var taken);
            length += WithoutRecipient(at < 0 ? left : left[..at], recipient, room[length..]).Length;
            if (at < 0)
                return room[..length];
            room[length++] = SenderMark;
            left = left[(at + taken)..];
        }
    }

    /// <summary>What words say up to the recipient, <c>No such user RECIPIENT for SENDER</c>; none where he is not there.</summary>
    private static ReadOnlySpan<byte> UpToRecipient(ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient) =>
        RepeatedName.Find(words, recipient, out var length) is >= 0 and var at && at + length <= RepeatedName.LongestCut
            ? words[..(at + length)]
            : default;

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
    private static bool SayWithout<TReader>(ReadOnlySpan<byte> words, scoped in RefusedNames names, RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        var recipient = names.Recipient;
        var address = names.Address;
        if (TReader.AreServers(words))
            return true;
        var domainAt = IsOfSite(address, recipient) ? -1 : DomainIn(words, address);
        if (words.Length > RepeatedName.LongestCut)
            return domainAt < 0 && TReader.SayUnknown(words, names.Sender, refusals);
        var nameAt = RepeatedName.Find(words, RepeatedName.NameOf(address), out _, asWord: true);
        var repeated = domainAt < 0 && nameAt < 0 ? default : address;
        if (Say<TReader>(words, names, repeated, refusals))
        {
            if (SpeakOfChecks<TReader>(words, names))
                return false;
            if (repeated.IsEmpty && !names.Sender.IsEmpty && (words.Contains((byte)':') || !RefusalTexts.AreUsual(words)))
                refusals.Learn(WithoutRecipient(words, recipient, stackalloc byte[RepeatedName.LongestCut]));
            return true;
        }

        if (names.Sender.SequenceEqual("<>"u8))
            domainAt = PlaceOfNone(words);
        return (Say<TReader>(Before(words, domainAt), names, repeated, refusals) ||
            SayBeforeOne<TReader>(words, nameAt, names, refusals) ||
            Say<TReader>(Before(words, ContactIn(words)), names, repeated, refusals) ||
            (!repeated.IsEmpty && refusals.IsStatic(WithoutRecipient(words, recipient, stackalloc byte[RepeatedName.LongestCut])))) &&
            !SpeakOfChecks<TReader>(words, names);
    }

    /// <summary>
    /// Whether words say so before one of the places at which a sender's name stands: the first may be in the recipient, or in the site's
    /// own words.
    /// </summary>
    private static bool SayBeforeOne<TReader>(
        ReadOnlySpan<byte> words, int at, scoped in RefusedNames names, RefusalTexts refusals)
        where TReader : IRefusalReader
    {
        var address = names.Address;
        var name = RepeatedName.NameOf(address);
        for (var place = 0; at >= 0 && place < MostPlaces; place++)
        {
            if (Say<TReader>(Before(words, at), names, address, refusals))
                return true;
            var next = RepeatedName.Find(words[(at + 1)..], name, out _, asWord: true);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    /// <summary>Where words have a place for a sender, <c>No such user here (mail from )</c>, and there is none; -1 for nowhere.</summary>
    private static int PlaceOfNone(ReadOnlySpan<byte> words)
    {
        foreach (var mark in Nobody)
        {
            if (words.IndexOf(mark) is >= 0 and var at)
                return at;
        }

        var end = words.TrimEnd(" .;:,"u8);
        return end.EndsWith(" from"u8) || end.EndsWith(" sender"u8) ? end.Length : -1;
    }

    /// <summary>Whether words say so, as they stand or without the recipient in them, whose name may be that of anything.</summary>
    private static bool Say<TReader>(
        ReadOnlySpan<byte> words, scoped in RefusedNames names, ReadOnlySpan<byte> repeated, RefusalTexts refusals, bool keepsName = false)
        where TReader : IRefusalReader
    {
        if (words.IsEmpty)
            return false;
        var recipient = names.Recipient;
        var sender = names.Sender;
        if (repeated.IsEmpty && TReader.SayUnknown(words, sender, refusals))
            return true;
        Span<byte> room = stackalloc byte[RepeatedName.LongestCut];
        if (!repeated.IsEmpty && TReader.SayUnknown(WithoutSender(words, repeated, room, keepsName), sender, refusals))
            return true;
        if (recipient.IsEmpty)
            return false;
        // Where nothing was cut the answer is known.
        var rest = RepeatedName.Cut(words, recipient, room);
        // A sender that is a part of the recipient may stand by itself, too.
        if (rest.Length < words.Length && !repeated.IsEmpty)
            rest = RepeatedName.Cut(rest, repeated, room);
        rest = RepeatedName.Cut(rest, RepeatedName.DomainOf(recipient), room, asWord: true);
        var isCut = rest.Length < words.Length;
        rest = WithoutSender(rest, repeated, room, keepsName);
        if (isCut && TReader.SayUnknown(rest, sender, refusals))
            return true;
        var bare = RepeatedName.CutName(rest, recipient, room);
        if (bare.Length < rest.Length && TReader.SayUnknown(bare, sender, refusals))
            return true;
        rest = RepeatedName.CutNameParts(bare, recipient, room);
        return rest.Length < bare.Length && TReader.SayUnknown(rest, sender, refusals);
    }

    /// <summary>
    /// Cuts the sender's domain and those above it. What may stand in the words of a site is cut only where it matters: a domain of one
    /// word, <c>user</c>, that says half of it, and a name that says all of it.
    /// </summary>
    private static ReadOnlySpan<byte> WithoutSender(
        ReadOnlySpan<byte> words, ReadOnlySpan<byte> sender, Span<byte> room, bool keepsName = false)
    {
        if (sender.IsEmpty)
            return words;
        var domain = RepeatedName.DomainOf(sender);
        if (domain.Contains((byte)'.'))
        {
            for (; domain.IndexOf((byte)'.') is >= 0 and var dot; domain = domain[(dot + 1)..])
                words = RepeatedName.Cut(words, domain, room, asWord: true);
        }
        else if (!keepsName && RefusalTexts.HasWordOfMissing(domain) && !RefusalTexts.AreUsual(words))
        {
            words = RepeatedName.Cut(words, domain, room, asWord: true);
        }

        var name = RepeatedName.NameOf(sender);
        return !keepsName && RefusalTexts.HasWordsOfMissing(name) && (name.Contains((byte)':') || !RefusalTexts.AreUsual(words))
            ? RepeatedName.Cut(words, name, room, asWord: true)
            : words;
    }

    private static ReadOnlySpan<byte> WithoutRecipient(ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient, Span<byte> room) =>
        recipient.IsEmpty
            ? RepeatedName.Cut(words, default, room)
            : RepeatedName.CutName(RepeatedName.CutAddress(words, recipient, room), recipient, room);

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
    /// (<c>exp=</c>). A name may hold a piece of another, so that it is found only where it is cut first; of a sender's pieces those
    /// that may be the site's own words are cut in doubt only.
    /// </summary>
    private static bool SpeakOfChecks<TReader>(ReadOnlySpan<byte> words, scoped in RefusedNames names, bool inDoubt = false)
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
        ReadOnlySpan<byte> rest = room[..CutClient(text, names, room)];
        if (!RefusalTexts.SpeakOfChecks(WithoutAddresses(rest, names, room, inDoubt)))
            return false;
        rest = WithoutAddresses(text, names, room, inDoubt);
        return RefusalTexts.SpeakOfChecks(room[..CutClient(rest, names, room)]);
    }

    /// <summary>Cuts the names of sender and recipient, the longer first, which may hold the other.</summary>
    private static ReadOnlySpan<byte> CutBothNames(ReadOnlySpan<byte> text, scoped in RefusedNames names, Span<byte> room)
    {
        var (recipient, sender) = (RepeatedName.NameOf(names.Recipient).Length, RepeatedName.NameOf(names.Address).Length);
        text = RepeatedName.CutName(text, recipient > sender ? names.Recipient : names.Address, room);
        return RepeatedName.CutName(text, recipient > sender ? names.Address : names.Recipient, room);
    }

    private static ReadOnlySpan<byte> WithoutAddresses(
        ReadOnlySpan<byte> text, scoped in RefusedNames names, Span<byte> room, bool cutsPieces)
    {
        var address = names.Address;
        var rest = RepeatedName.CutAddress(RepeatedName.Cut(text, address, room), names.Recipient, room);
        if (cutsPieces)
            rest = RepeatedName.CutAddress(CutBothNames(rest, names, room), address, room);
        return RepeatedName.CutNameParts(WithoutSender(rest, address, room), names.Recipient, room);
    }

    /// <summary>Behind where a last bracket opens that holds an address, <c>User unknown [x@example.org]</c>; -1 for none.</summary>
    private static int ContactIn(ReadOnlySpan<byte> words)
    {
        if (words.IsEmpty || words[^1] is not ((byte)')' or (byte)']'))
            return -1;
        var at = words.LastIndexOfAny((byte)'(', (byte)'[');
        return at >= 0 && words[at..].Contains((byte)'@') ? at + 1 : -1;
    }
}
