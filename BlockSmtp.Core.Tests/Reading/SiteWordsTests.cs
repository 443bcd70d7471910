using System.Text;
using BlockSmtp.Grammars;
using BlockSmtp.Postfix;
using BlockSmtp.Reading;
using CsCheck;

namespace BlockSmtp.Tests.Reading;

/// <summary>What a site's words say is told by nothing that a sender or a recipient has put into them.</summary>
public sealed class SiteWordsTests
{
    /// <summary>All that speaks of a missing mailbox, or of something else.</summary>
    private static readonly Gen<string> Part = Gen.OneOfConst(
        "user", "unknown", "no", "such", "not", "found", "mailbox", "invalid", "policy", "spam", "blocked", "domain", "spf", "dkim", "joe",
        "sender", "helpdesk", "nobody", "x");

    private static readonly Gen<string> Name = Gen.Select(Part, Gen.OneOfConst("-", ".", "+", "_"), Part, (one, mark, other) =>
        one + mark + other);

    private static readonly Gen<string> Address = Gen.Select(Name, Part, Part, (name, one, other) => $"{name}@{one}-{other}.example");

    [Test]
    public void A_refusal_for_something_else_says_nothing_by_a_sender_in_it() =>
        Gen.Select(Address, Gen.OneOfConst(
            "not welcome: {0}", "{0} is not welcome", "SPF fail - not authorized. Please see http://www.openspf.net/Why?s=mfrom;id={0};ip=",
            "See https://example.org/?from={1}", "{2} is not wanted", "{3} is not wanted", "no MX for {2}", "{2}: no MX",
            "from {4}, go away", "not welcome (from {0})", "Unknown user {0}", "{0}: no such user here"))
            .Sample((sender, words) =>
        {
            var text = Filled(words, sender);
            Exim("alice@example.org", sender, text).Should().Be("none");
            Postfix("550 5.7.1 <alice@example.org>: Recipient address rejected:", "alice@example.org", sender, text).Should().Be("none");
            Postfix("550 5.7.1", "alice@example.org", sender, text).Should().Be("none");
        });

    // Whether a name is repeated by itself, or is the site's own words, only what it says to others tells.
    [Test]
    public void A_refusal_for_something_else_says_nothing_for_certain_by_a_senders_name_in_it() =>
        Gen.Select(Address, Gen.OneOfConst("rejected {5}", "{2} {5}")).Sample((sender, words) =>
        {
            var text = Filled(words, sender);
            var guessed = "unknown 203.0.113.66 named <alice@example.org>";
            Exim("alice@example.org", sender, text).Should().BeOneOf("none", "doubtful " + guessed);
            Postfix("550 5.7.1 <alice@example.org>: Recipient address rejected:", "alice@example.org", sender, text)
                .Should().BeOneOf("none", "doubtful " + guessed);
        });

    [TestCase("No such mailbox: mail is not accepted, contact postmaster@example.org", "\"No such mailbox\"@b.example")]
    [TestCase("No such user here.", "\"No such user\"@b.example")]
    [TestCase("No such user here ({1}@example.org)", "\"No such user\"@b.example")]
    [TestCase("Unknown user account", "\"Unknown user\"@b.example")]
    [TestCase("User unknown, see https://example.org/help", "\"User unknown, see\"@b.example")]
    [TestCase("Sorry, no mailbox here by that name", "\"no mailbox here\"@b.example")]
    [TestCase("Invalid recipient: no such user", "\"Invalid recipient: no\"@b.example")]
    [TestCase("Mailbox unavailable, user not found", "\"unavailable, user not\"@b.example")]
    public void A_sender_whose_name_is_a_sites_own_words_hides_nothing_that_was_said_to_others(string words, string sender)
    {
        foreach (var say in (Func<string, string, RefusalTexts, string>[])[
            (name, from, refusals) => Exim($"{name}@example.org", from, Said(words, name), refusals),
            (name, from, refusals) => Postfix(
                $"550 5.7.1 <{name}@example.org>: Recipient address rejected:", $"{name}@example.org", from, Said(words, name), refusals)])
        {
            var refusals = new RefusalTexts([]);
            say("w0", sender, refusals).Should().StartWith("doubtful unknown ", words);
            say("w1", "a@b.example", refusals).Should().StartWith("unknown ");
            say("w2", sender, refusals).Should().StartWith("unknown ");
        }
    }

    private static string Said(string words, string name) => words.Replace("{1}", name, StringComparison.Ordinal);

    // HELO, the client's name and the sender are his; the policy says who has sent what from where.
    [TestCase("a@b.example", "SPF", "unknown")]
    [TestCase("a@b.example", "relay.dmarc", "unknown")]
    [TestCase("a@b.example", "x", "spf.evil.example")]
    [TestCase("w0@example.org", "x", "unknown")]
    [TestCase("", "x", "unknown")]
    [TestCase("user", "x", "unknown")]
    [TestCase("no", "x", "unknown")]
    [TestCase("w0", "x", "unknown")]
    [TestCase("example.org", "x", "unknown")]
    [TestCase("\"via SPF\"@b.example", "SPF", "unknown")]
    [TestCase("a@spf", "spf", "unknown")]
    // A piece of one is in another.
    [TestCase("policy@not", "invalid", "not.dkim.example")]
    [TestCase("user@joe", "user", "user.dkim.example")]
    [TestCase("a@b.example", "dkim-a@b.example", "unknown")]
    [TestCase("x@spf.evil.example", "evil.example", "unknown")]
    [TestCase("a@spf.b.example", "spf.b.example", "unknown")]
    public void Nothing_that_a_client_has_in_a_sites_words_hides_a_guess(string sender, string helo, string host, bool isDoubtful = false)
    {
        var words = $"No such user: w0@example.org, mail from {sender.Replace("\"", "", StringComparison.Ordinal)} via {helo} ({host})";
        ReadLine.As(
            $"Nov 23 18:03:58 mail1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from {host}[203.0.113.66]: 554 5.7.1 <w0@example.org>: Recipient "
            + $"address rejected: {words}; from=<{sender}> to=<w0@example.org> proto=ESMTP helo=<{helo}>", new RefusalTexts([]))
            .Should().StartWith(isDoubtful ? "doubtful unknown " : "unknown ");
        ReadLine.As(
            $"2026-11-27 04:45:44 H={(host == "unknown" ? "" : host + " ")}({helo}) [203.0.113.66] F=<{sender}> rejected RCPT "
            + $"<w0@example.org>: {words}", new RefusalTexts([])).Should().StartWith(isDoubtful ? "doubtful unknown " : "unknown ");
    }

    // Whoever was refused in the same words before was another sender; until then nobody can tell whose words they are.
    [TestCase("No such user here ({0})", "\"No such user\"@b.example")]
    [TestCase("User unknown (sender {0})", "\"User unknown\"@b.example")]
    [TestCase("No such user here [{0}]", "\"No such user here\"@b.example")]
    [TestCase("No such user <{1}@example.org> (from <{0}>)", "\"No such user\"@b.example")]
    [TestCase("{0}: no such user {1}@example.org", "\"No such user\"@b.example")]
    public void A_sender_whose_name_is_a_sites_own_words_hides_nothing_where_they_repeat_him(string words, string sender)
    {
        var refusals = new RefusalTexts([]);
        string Say(string name, string from) => Postfix(
            $"550 5.7.1 <{name}@example.org>: Recipient address rejected:",
            $"{name}@example.org",
            from,
            Filled(Said(words, name), from).Replace("\"", "", StringComparison.Ordinal),
            refusals);

        Say("w0", sender).Should().StartWith("doubtful unknown ");
        Say("w1", "a@b.example").Should().StartWith("unknown ");
        Say("w2", sender).Should().StartWith("unknown ");
    }

    // Of words as long as a server behind may send them nothing is cut.
    [TestCase("{0}", "a@b.example")]
    [TestCase("mail from {0} {1}@example.org no such user", "a@b.example")]
    [TestCase("{1}@example.org no such user {0}", "\"No such user\"@b.example")]
    [TestCase("no such user {5}", "a@user")]
    public void Words_of_any_length_are_read(string pattern, string sender)
    {
        foreach (var length in new[] { 150, 2_000, 2_040, 2_048, 2_049, 2_100, 7_000 })
        {
            foreach (var isBefore in new[] { true, false })
            {
                var filler = new string('z', length);
                var words = Filled(Said(pattern, "w0"), sender);
                words = isBefore ? $"{filler} {words}" : $"{words} {filler}";
                Exim("w0@example.org", sender, words, new RefusalTexts([])).Should().MatchRegex("^(none|(doubtful )?unknown )");
            }
        }
    }

    [TestCase("User unknown; client unknown [203.0.113.66]", "unknown ")]
    [TestCase("User unknown; client unknown[203.0.113.66]", "unknown ")]
    [TestCase("User unknown [203.0.113.66]", "unknown ")]
    [TestCase("User unknown (unknown [203.0.113.66])", "unknown ")]
    [TestCase("User unknown; client unknown [203.0.113.66]", "unknown ", "unknown")]
    [TestCase("User unknown; client unknown [203.0.113.66]", "unknown ", "user")]
    [TestCase("User unknown; client unknown [203.0.113.66]", "unknown ", "client")]
    [TestCase("go away; client unknown [203.0.113.66]", "none")]
    [TestCase("unknown [203.0.113.66]", "none")]
    public void A_client_without_a_name_is_none_that_the_words_miss(string words, string expected, string helo = "x") => ReadLine.As(
        "Nov 23 18:03:58 mail1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 554 5.7.1 <w0@example.org>: "
        + $"Recipient address rejected: {words}; from=<a@b.example> to=<w0@example.org> proto=ESMTP helo=<{helo}>",
        new RefusalTexts([])).Should().StartWith(expected);

    [Test]
    public void A_domain_of_one_word_hides_nothing_that_was_said_to_others()
    {
        var refusals = new RefusalTexts([]);
        const string Words = "Unknown user in our directory";

        Exim("w0@example.org", "a@user", Words, refusals).Should().StartWith("doubtful unknown ");
        Exim("w1@example.org", "a@b.example", Words, refusals).Should().StartWith("unknown ");
        Exim("w2@example.org", "a@user", Words, refusals).Should().StartWith("unknown ");
    }

    [TestCase("No such user w0@example.org for a@b.example", "unknown ")]
    [TestCase("No such user a@b.example for w0@example.org", "none")]
    [TestCase("User unknown; client mx.f.example [203.0.113.66]", "unknown ")]
    [TestCase("not found", "unknown ")]
    [TestCase("does not exist", "unknown ")]
    [TestCase("w0@example.org not found", "unknown ")]
    // Of whom something is said stands before it, and that is not the recipient.
    [TestCase("b.example not found", "none")]
    [TestCase("mx.f.example does not exist", "none")]
    [TestCase("203.0.113.66 unknown", "none")]
    [TestCase("HELO name does not exist", "none")]
    [TestCase("HELO mx.f.example not found", "none")]
    [TestCase("MX of b.example does not exist", "none")]
    [TestCase("Message-ID not found", "none")]
    [TestCase("unknown is not welcome", "none", "a@unknown")]
    [TestCase("no MX for unknown", "none", "a@unknown")]
    public void What_is_said_of_whom_is_told_by_what_stands_before_it(
        string words, string expected, string sender = "a@b.example") => ReadLine.As(
        "Nov 23 18:03:58 mail1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from mx.f.example[203.0.113.66]: 554 5.7.1 <w0@example.org>: "
        + $"Recipient address rejected: {words}; from=<{sender}> to=<w0@example.org> proto=ESMTP helo=<mx.f.example>",
        new RefusalTexts([])).Should().StartWith(expected);

    // What a stranger's sender has of the forwarder's own names stays with him.
    [TestCase("not welcome: {0}", "\"No such user mx.f.example\"@b.example", "none")]
    [TestCase("not welcome: {5}", "\"No such user mx.f.example\"@b.example", "doubtful unknown ")]
    [TestCase("not welcome: {0} from mx.f.example", "\"No such user mx.f.example\"@b.example", "none")]
    public void A_forwarders_name_in_a_senders_does_not_speak_against_it(string words, string sender, string expected)
    {
        var text = Filled(words, sender).Replace("\"", "", StringComparison.Ordinal);
        ReadLine.As(
            "Nov 23 18:03:58 mail1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from mx.f.example[203.0.113.66]: 554 5.7.1 <alice@example.org>: "
            + $"Recipient address rejected: {text}; from=<{sender}> to=<alice@example.org> proto=ESMTP helo=<mx.f.example>",
            new RefusalTexts([])).Should().StartWith(expected);
    }

    [Test]
    public void A_guess_is_not_hidden_by_the_names_in_it() =>
        Gen.Select(Name, Address, Gen.OneOfConst(
            "No such user {r}", "No such user: {n}", "User {r} unknown", "No such user here, mail from {0} not delivered",
            "No such user here (mail from {0})", "Unknown user: {n} ({0})", "No such user here; {4}", "No such user here - see {1}",
            "User unknown, mail of {2}", "{0}: no such user {r}")).Sample((name, sender, words) =>
        {
            var recipient = name + "@example.org";
            var text = Filled(words, sender)
                .Replace("{r}", recipient, StringComparison.Ordinal).Replace("{n}", name, StringComparison.Ordinal);
            Exim(recipient, sender, text).Should().StartWith("unknown ");
            Postfix($"550 5.7.1 <{recipient}>: Recipient address rejected:", recipient, sender, text).Should().StartWith("unknown ");
            Postfix("550 5.7.1", recipient, sender, text).Should().StartWith("unknown ");
        });

    // All that a client can choose at once, and no other client has been told the same before.
    private static readonly Gen<string> Phrase = Gen.OneOfConst(
        "User unknown", "No such user", "no such user here", "client", "mail from", "is not welcome", "via", "unknown", "not found",
        "see", "spf", "user", "listed", "SPF fail");

    // Of a name that is one of the words itself there is one only.
    private static readonly Gen<string> Tried = Gen.OneOf(
        Gen.OneOfConst("joe", "policy", "spam", "spf", "dkim", "helpdesk", "blocked", "x"), Name,
        Gen.Select(Part, Name, (one, other) => $"{one}+{other}"));

    private static readonly Gen<string> Helo = Gen.OneOf(
        Part, Phrase, Gen.Select(Part, Part, (one, other) => $"{one}.{other}"),
        Gen.OneOfConst("x", "mx.f.example", "example.org",
        "[203.0.113.66]"));

    private static readonly Gen<string> Host = Gen.OneOf(
        Gen.Const("unknown"), Gen.Const("mx.f.example"), Gen.Select(Part, Part, (one, other) => $"{one}.{other}.example"));

    private static readonly Gen<string> Sender = Gen.OneOf(
        Gen.Const(""), Address, Gen.Select(Part, Part, (name, domain) => $"{name}@{domain}"),
        Gen.Select(Part, part => $"{part}@example.org"),
        Gen.Select(Phrase, Part, (phrase, domain) => $"\"{phrase}\"@{domain}.example"),
        Gen.Select(Phrase, Phrase, Part, (one, other, domain) => $"\"{one} {other}\"@{domain}"), Gen.Const("{r}"));

    [Test]
    public void Nothing_that_a_client_chooses_makes_a_guess_none() =>
        Gen.Select(Tried, Sender, Helo, Host, Gen.OneOfConst(
            "No such user here", "User unknown", "{r}: User unknown", "No such user {r}", "No such user: {n}", "User unknown (sender {0})",
            "{0}: no such user {r}", "No such user: {r}, mail from {0} via {h} ({c})", "No such user {r} for {0}",
            "User unknown; client {c} [203.0.113.66]", "No such mailbox: mail is not accepted, contact postmaster@example.org",
            "Unknown user {r}; see http://example.org/?from={0}&ip=203.0.113.66", "Sorry, no mailbox here by that name ({r})",
            "Mailbox unavailable: user not found", "Invalid recipient: no such user", "Recipient {n} does not exist in {d}",
            "No such user - {n}",
            "Message from {0} to {r}: no such user", "{0} -> {r}: user unknown", "Unknown recipient {r} (HELO {h})",
            "Mail for {n}: mailbox not found; you are {h}", "user {n} unknown, sent by {5}",
            "No account {n} here ({2})")).Sample((name, from, helo, host, words) =>
        {
            var recipient = name + "@example.org";
            var sender = from.Replace("{r}", recipient, StringComparison.Ordinal);
            var text = Filled(words, sender.Replace("\"", "", StringComparison.Ordinal)).Replace("{r}", recipient, StringComparison.Ordinal)
                .Replace("{n}", name, StringComparison.Ordinal).Replace("{h}", helo, StringComparison.Ordinal)
                .Replace("{d}", "example.org", StringComparison.Ordinal).Replace("{c}", host, StringComparison.Ordinal);
            foreach (var line in Lines(recipient, sender, helo, host, text))
                ReadLine.As(line, new([])).Should().MatchRegex("^(doubtful )?unknown ", line);
        });

    [Test]
    public void Nothing_that_a_sender_is_called_makes_a_refusal_for_something_else_a_guess_for_certain() =>
        Gen.Select(Sender, Gen.OneOfConst(
            "not welcome: {0}", "{0} is not welcome",
            "SPF fail - not authorized. Please see http://www.openspf.net/Why?s=mfrom;id={0};ip=203.0.113.66;r=example.org",
            "{2} is not wanted", "no MX for {2}", "mail from {0} via mx.f.example ({c}) is refused",
            "client {c} [203.0.113.66] is listed", "go away, mx.f.example"),
            Gen.OneOfConst("mx.f.example", "unknown")).Sample((from, words, host) =>
        {
            var recipient = "alice@example.org";
            var sender = from.Replace("{r}", "bob@d.example", StringComparison.Ordinal);
            var text = Filled(words, sender.Replace("\"", "", StringComparison.Ordinal)).Replace("{c}", host, StringComparison.Ordinal);
            foreach (var line in Lines(recipient, sender, "mx.f.example", host, text))
                ReadLine.As(line, new([])).Should().MatchRegex("^(none|doubtful unknown )", line);
        });

    private static string[] Lines(string recipient, string sender, string helo, string host, string text) =>
    [
        $"Nov 23 18:03:58 mail1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from {host}[203.0.113.66]: 554 5.7.1 <{recipient}>: Recipient "
            + $"address rejected: {text}; from=<{sender}> to=<{recipient}> proto=ESMTP helo=<{helo}>",
        // Exim takes one word only.
        .. helo.Contains(' ') ? Array.Empty<string>() :
        [
            $"2026-11-27 04:45:44 H={(host == "unknown" ? "" : host + " ")}({helo}) [203.0.113.66] F=<{sender}> rejected RCPT "
                + $"<{recipient}>: {text}",
        ],
    ];

    [TestCase("Contact {0}: no such user here")]
    [TestCase("If you think that this is wrong, mail {0}. User unknown")]
    [TestCase("{0} knows why there is no such user {1} here")]
    public void A_text_that_a_site_has_said_to_others_is_its_own(string words)
    {
        const string Contact = "helpdesk@provider.example";
        var refusals = new RefusalTexts([]);
        words = words.Replace("{0}", Contact, StringComparison.Ordinal);
        string Say(string name, string sender) => Exim(
            name + "@example.org", sender, words.Replace("{1}", name, StringComparison.Ordinal), refusals);

        Say("w0", Contact).Should().Be("none", "it may be said of the sender");
        Say("w1", "a@b.example").Should().StartWith("unknown ");
        Say("w2", Contact).Should().StartWith("unknown ");
        Say("w3-policy", Contact.ToUpperInvariant()).Should().StartWith("unknown ");
    }

    [Test]
    public void A_text_that_names_each_sender_is_none_of_those()
    {
        var refusals = new RefusalTexts([]);
        for (var at = 0; at < 3; at++)
        {
            foreach (var sender in new[] { "a@b.example", "c@d.example" })
                Exim("alice@example.org", sender, $"Unknown user {sender}", refusals).Should().Be("none");
        }
    }

    [Test]
    public void Words_that_repeat_names_are_read_without_making_anything()
    {
        var line = Encoding.ASCII.GetBytes(
            "Nov 23 18:03:58 mail1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 550 5.7.1 <w0+policy@example.org>: "
            + "Recipient address rejected: No such user w0+policy (mail from a@b.example, write to x@example.org); from=<a@b.example> "
            + "to=<w0+policy@example.org> proto=ESMTP helo=<x>");

        Read(line).Allocated.Should().Be(0);
    }

    // Looked for letter by letter these would begin everywhere.
    [TestCase("a", "a")]
    [TestCase("aA", "Aa")]
    [TestCase("a-", "a-")]
    [TestCase("a=", "a=")]
    public void Names_that_are_made_to_be_found_everywhere_are_cut_as_others_are(string piece, string repeated)
    {
        static string Long(string piece) => string.Concat(Enumerable.Repeat(piece, 300 / piece.Length));
        var (name, said) = (Long(piece), Long(repeated));
        var line = Encoding.ASCII.GetBytes(
            $"Nov 23 18:03:58 mail1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 550 5.7.1 <{name}x@example.org>: "
            + $"Recipient address rejected: unknown user {said}x policy {said}x; from=<{name}z@b.example> to=<{name}x@example.org> "
            + "proto=ESMTP");

        Read(line).Kind.Should().Be(MailEventKind.None, "the policy is the site's");
        line = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(line).Replace("x policy ", "x+policy ", StringComparison.Ordinal)
            .Replace("x@example.org", "x+policy@example.org", StringComparison.Ordinal));
        Read(line).Kind.Should().Be(MailEventKind.NamedRefusal, "the policy is the client's");
    }

    private static (MailEventKind Kind, long Allocated) Read(byte[] line)
    {
        var parser = LineReaders.LinesOf(new DetectionOptions());
        var refusals = new RefusalTexts([]);
        (MailEventKind Kind, long Allocated) told = default;
        // The first makes what is kept.
        for (var at = 0; at < 2; at++)
        {
            parser.TryParse(line, out var parts).Should().BeTrue();
            var before = GC.GetAllocatedBytesForCurrentThread();
            PostfixGrammar.Read(parts, MailEventsWanted.Ends, refusals, out var read);
            told = (read.Kind, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return told;
    }

    private static string Filled(string words, string sender)
    {
        var at = sender.IndexOf('@', StringComparison.Ordinal);
        return words.Replace("{0}", sender, StringComparison.Ordinal)
            .Replace("{1}", sender.Replace("@", "%40", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{2}", sender[(at + 1)..], StringComparison.Ordinal)
            .Replace("{3}", sender.Replace('@', '='), StringComparison.Ordinal)
            .Replace("{5}", sender[..Math.Max(0, at)], StringComparison.Ordinal)
            .Replace("{4}", sender.Replace("@", " at ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string Postfix(
        string reply, string recipient, string sender, string words, RefusalTexts? refusals = null) => ReadLine.As(
        $"Nov 23 18:03:58 mail1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[203.0.113.66]: {reply} {words}; from=<{sender}> "
        + $"to=<{recipient}> proto=ESMTP helo=<x>", refusals ?? new([]));

    private static string Exim(string recipient, string sender, string words, RefusalTexts? refusals = null) =>
        ReadLine.As($"2026-11-27 04:45:44 H=(x) [203.0.113.66] F=<{sender}> rejected RCPT <{recipient}>: {words}", refusals ?? new([]));
}
