using System.Runtime.InteropServices;
using System.Text;

namespace BlockSmtp.Grammars;

/// <summary>
/// Tells by its words whether a refusal says that there is no such mailbox. Sites choose the words (sendmail's virtusertable and access
/// map, LDAP, milters), and some lines have no code beside them.
/// </summary>
/// <remarks>For one reader at a time: it remembers what it has read.</remarks>
/// <param name="own">Texts of the site's own, which stand at the end of the line.</param>
internal sealed class RefusalTexts(IReadOnlyCollection<string> own)
{
    // No text that a site has written is longer; a longer one is a client's.
    private const int Longest = 200;

    private static readonly byte[][] Whats = Words(
        "user", "recipient", "mailbox", "address", "account", "addressee", "email", "e-mail", "alias", "local part", "customer", "member",
        "subscriber", "person", "name", "nobody", "no one");

    private static readonly byte[][] Missing = Words(
        "unknown", "no such", "not exist", "n't exist", "not found", "not known", "no longer", "unavailable", "invalid", "unrecognized",
        "not listed", "no mailbox", "no account", "not a valid", "not valid", "nonexistent", "non-existent", "not here", "undeliverable",
        "not available", "not be found", "n't have a", "here by that name", "bad destination mailbox", "not a local user",
        // IronPort's, of a recipient that its table does not have.
        "#5.1.0 address rejected");

    // What says whether a sender's domain has sent a message, and may be explained in its own words (RFC 7208, 6.2).
    private static readonly byte[][] Checks = Words("spf", "dkim", "dmarc");

    // What speaks of somebody or something else than the mailbox, or of this moment only.
    private static readonly byte[][] Others =
    [
        .. Words(
            "domain", "sender", "relay", "host", "quota", " full", "temporar", "try again", "later", "currently", "at the moment",
            "deferred", "greylist", "graylist", "blocked", "blacklist", "blocklist", "spam", "listed at", "listed in", "rejected by",
            "denied", "refused", "required", "syntax", "unbalanced", "too long", "too many", "route", "must ", "illegal", "from address",
            "return address", "name server", "dns", "mail from", "reverse", "client", "ip address", "[", "]", "stat=", "policy",
            "authenticat", "helo name"),
        .. Checks,
    ];

    // What so many sites say that no name which is the same says it in their place.
    private static readonly byte[][] UsualTexts = Words(
        "user unknown", "unknown user", "no such user", "no such user here", "no such recipient", "recipient unknown", "unknown recipient",
        "mailbox unavailable", "mailbox not found", "user not found", "no such mailbox");

    private static readonly byte[][] Verbs = Words("it ", "has ", "is ", "was ", "does ", "do", "did ");

    private static readonly byte[][] Here = Words(" at this host", " for this host", " on this host", " at this host.", " on this host.");

    // What else mail servers say of a recipient that is no word on its mailbox.
    private static readonly byte[][] Elsewhere = Words(
        "not permitted", "not allowed", "restricted", "character", "command", "sequence", "size", "limit", "loop", "virus", "malware",
        "content", "access", "verify failed", "lookup", "helo", "protocol", "connection", "timed out", "timeout", "unable", "cannot",
        "can't", "error", "not accepting", "colon ", "service");

    // Nearly all lines of a log have one of a few texts.
    private const int MostKnown = 32;
    private const int LongestKnown = 64;

    private readonly byte[] _knownTexts = new byte[MostKnown * LongestKnown];
    private readonly (int Length, Meaning Meaning)[] _known = new (int Length, Meaning Meaning)[MostKnown];

    // Few sites have more than a few texts with an address in them.
    private const int MostStatic = 32;
    private const int LongestStatic = 256;

    private readonly (int Length, byte[] Text)[] _static = new (int Length, byte[] Text)[MostStatic];
    private readonly byte[][] _own = [.. own.Select(Encoding.UTF8.GetBytes)];

    /// <summary>
    /// Whether a site's own words end as lines do that tell of mail, in <c>]</c>, <c>)</c> or <c>Sent</c>; no others do.
    /// </summary>
    public bool EndAsMail { get; } = own.Any(text => text is [.., ']' or ')'] || text.EndsWith("Sent", StringComparison.Ordinal));

    /// <summary>sendmail's own words, and those that most sites keep.</summary>
    public static ReadOnlySpan<byte> Usual => "User unknown"u8;

    // sendmail's words for a spelling that no mailbox could have (proto.m4, 5.1.2): they tell nothing of names.
    private static ReadOnlySpan<byte> InvalidAddress => "Invalid address"u8;

    private enum Meaning : byte
    {
        /// <summary>Nothing that a mailbox is missing.</summary>
        Other,

        /// <summary>It has words for that, but speaks of something else too.</summary>
        Unclear,

        /// <summary>That there is no such mailbox.</summary>
        Unknown,
    }

    /// <summary>Whether a text says that there is no such mailbox.</summary>
    /// <param name="text">What follows the recipient, to the end of the line.</param>
    public bool SaysUnknown(ReadOnlySpan<byte> text) => text.SequenceEqual(Usual) || IsOwn(text) || MeaningOf(text) == Meaning.Unknown;

    /// <summary>
    /// Whether a text has words for a mailbox and for one that is missing, whatever else it speaks of; of one that has none, no part says
    /// that there is no such mailbox. A site's own words may be any.
    /// </summary>
    /// <param name="text">What follows the recipient, to the end of the line.</param>
    public bool SpeaksOfMissing(ReadOnlySpan<byte> text) => _own.Length > 0 || MeaningOf(text) != Meaning.Other;

    /// <summary>Whether a name has words for a mailbox and for one that is missing.</summary>
    public static bool HasWordsOfMissing(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > Longest)
            return !name.IsEmpty;
        return SpeakOfMissing(Lower(name, stackalloc byte[Longest]));
    }

    /// <summary>Whether a name has a word for a mailbox or for one that is missing, which is half of what says so.</summary>
    public static bool HasWordOfMissing(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > Longest)
            return !name.IsEmpty;
        var words = Lower(name, stackalloc byte[Longest]);
        return HasOne(words, Whats) || HasOne(words, Missing);
    }

    /// <summary>
    /// Whether a text says of what stands before it that it is missing, <c>does not exist</c>, and speaks of nothing else: its first word
    /// is none that could be a name.
    /// </summary>
    public static bool SaysMissing(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > Longest)
            return false;
        var words = Lower(text, stackalloc byte[Longest]).TrimStart(" :"u8);
        if (SpeakOfElse(words))
            return false;
        foreach (var verb in Verbs)
        {
            if (words.StartsWith(verb))
                words = words[verb.Length..];
        }

        var first = words[..(words.IndexOf((byte)' ') is >= 0 and var blank ? blank : words.Length)];
        if (first.TrimEnd((byte)'.').ContainsAny(".@<[:"u8))
            return false;
        foreach (var missing in Missing)
        {
            if (words.StartsWith(missing))
                return true;
        }

        return false;
    }

    /// <summary>Whether a text speaks of what tells whether a sender's domain has sent a message.</summary>
    public static bool SpeakOfChecks(ReadOnlySpan<byte> text)
    {
        for (; text.IndexOfAny("sSdD"u8) is >= 0 and var at; text = text[(at + 1)..])
        {
            var word = text.Slice(at, Math.Min(text.Length - at, 5));
            foreach (var check in Checks)
            {
                if (word.Length >= check.Length && Ascii.EqualsIgnoreCase(word[..check.Length], check))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether a text is one that very many sites have.</summary>
    public static bool AreUsual(ReadOnlySpan<byte> text)
    {
        text = text[(text.LastIndexOf(": "u8) is >= 0 and var colon ? colon + 2 : 0)..];
        foreach (var usual in UsualTexts)
        {
            if (Ascii.EqualsIgnoreCase(text, usual))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Remembers a text that says so and has neither the sender nor the recipient in it: it is the site's own, and says the same when a
    /// sender is one whose address it holds.
    /// </summary>
    public void Learn(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > LongestStatic || IsStatic(text))
            return;
        ref var place = ref _static[PlaceOf(text)];
        place.Text ??= new byte[LongestStatic];
        text.CopyTo(place.Text);
        place.Length = text.Length;
    }

    /// <summary>Whether a text is one of those.</summary>
    public bool IsStatic(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= LongestStatic && _static[PlaceOf(text)] is var place && place.Length == text.Length &&
        text.SequenceEqual(place.Text.AsSpan(0, place.Length));

    /// <summary>
    /// Whether a text that does not count could be a site's own words for that there is no such mailbox: it speaks of nothing else
    /// that is known.
    /// </summary>
    /// <param name="text">What follows the recipient, to the end of the line.</param>
    public bool MaySayUnknown(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > Longest || SaysUnknown(text) || text.SequenceEqual(InvalidAddress))
            return false;
        var words = Lower(text, stackalloc byte[Longest]);
        return !HasOne(words, Others) && !HasOne(words, Elsewhere);
    }

    private bool IsOwn(ReadOnlySpan<byte> text)
    {
        foreach (var ending in _own)
        {
            if (text.EndsWith(ending))
                return true;
        }

        return false;
    }

    private static int PlaceOf(ReadOnlySpan<byte> text)
    {
        // Nobody can tell which texts share a place.
        var hash = default(HashCode);
        hash.AddBytes(text);
        return hash.ToHashCode() & (MostStatic - 1);
    }

    private Meaning MeaningOf(ReadOnlySpan<byte> text)
    {
        if (text.Length is < sizeof(ulong) or > LongestKnown)
            return ReadMeaning(text);
        var mixed = (MemoryMarshal.Read<ulong>(text) ^ (MemoryMarshal.Read<ulong>(text[^sizeof(ulong)..]) * 3)) * 0x9E37_79B9_7F4A_7C15;
        var place = (int)(mixed >> 59);
        ref var known = ref _known[place];
        var there = _knownTexts.AsSpan(place * LongestKnown, LongestKnown);
        if (known.Length == text.Length && text.SequenceEqual(there[..known.Length]))
            return known.Meaning;
        known = (text.Length, ReadMeaning(text));
        text.CopyTo(there);
        return known.Meaning;
    }

    private static Meaning ReadMeaning(ReadOnlySpan<byte> text)
    {
        // What is longer than a site's words may have them in a part.
        if (text.Length is 0 or > Longest)
            return text.IsEmpty ? Meaning.Other : Meaning.Unclear;
        var words = Lower(text, stackalloc byte[Longest]);
        if (!SpeakOfMissing(words))
            return Meaning.Other;
        // A page that explains it (Mimecast's) says nothing by its name; but a name in the words may look like one.
        if (words.IndexOf(" - http"u8) is > 0 and var page)
            words = words[..page];
        if (words.Length < text.Length && !SpeakOfMissing(words))
            return Meaning.Unclear;
        return text.SequenceEqual(InvalidAddress) || SpeakOfElse(words) ? Meaning.Unclear : Meaning.Unknown;
    }

    /// <summary>Whether words in small letters have one for a mailbox and one for what is missing.</summary>
    private static bool SpeakOfMissing(ReadOnlySpan<byte> words) => HasOne(words, Whats) && HasOne(words, Missing);

    private static bool SpeakOfElse(ReadOnlySpan<byte> words)
    {
        // "Unknown user at this host": of what is looked for, no other word begins in these.
        foreach (var here in Here)
        {
            if (words.EndsWith(here))
                words = words[..^here.Length];
        }

        return HasOne(words, Others);
    }

    /// <summary>Without ASCII's capitals; other bytes, of quotes or of a name that the words repeat, stay as they are.</summary>
    private static ReadOnlySpan<byte> Lower(ReadOnlySpan<byte> text, Span<byte> small)
    {
        for (var at = 0; at < text.Length; at++)
            small[at] = text[at] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[at] | 0x20) : text[at];
        return small[..text.Length];
    }

    private static bool HasOne(ReadOnlySpan<byte> text, byte[][] words)
    {
        foreach (var word in words)
        {
            if (text.IndexOf(word) >= 0)
                return true;
        }

        return false;
    }

    private static byte[][] Words(params string[] words) => [.. words.Select(Encoding.ASCII.GetBytes)];
}
