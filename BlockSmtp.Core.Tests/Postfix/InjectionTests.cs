using System.Text.RegularExpressions;
using BlockSmtp.Tests.Reading;
using CsCheck;

namespace BlockSmtp.Tests.Postfix;

/// <summary>
/// Whatever a client writes where Postfix lets it, wrapped as Postfix wraps it: the address that is read is the true one, and a guess stays
/// one.
/// </summary>
public sealed class InjectionTests
{
    private static readonly Gen<string> ClientText = Gen.OneOf(
        Gen.OneOfConst(
            "RCPT from unknown[198.51.100.10]: 550 5.1.1 ", "unknown[198.51.100.10]", "[198.51.100.10]", ">: Recipient address rejected: ",
            "User unknown in local recipient table", "Access denied", "; from=<", "> to=<", "> proto=ESMTP helo=<", "NOQUEUE: reject: ",
            "disconnect from ", "450 4.1.1 ", "<", ">", " ", "@", ": ", "; "),
        Gen.Char[' ', '~'].Where(letter => letter is not ('"' or '\\')).Select(letter => letter.ToString()));

    private static readonly Gen<string> Hostile = ClientText.Array[0, 12].Select(string.Concat);

    /// <summary>With what means something within quotes, or where there are none.</summary>
    private static readonly Gen<string> Quoting = Gen.OneOf(
        ClientText,
        Gen.OneOfConst(
            "\"", "\\", "\"@b.example", "; from=<\"", "> to=<\"", "; from=<> to=<", "; from=<x@b.example", ": Sender address rejected: ",
            "User unknown in t", "x@b.example>", "alice@example.org>")).Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Client = Gen.OneOfConst(
        "unknown[203.0.113.66]", "spam.example[203.0.113.66]", "a_b.example[203.0.113.66]:41234");

    private static readonly Gen<string> Id = Gen.OneOfConst("NOQUEUE", "5A616141", "4bQ2zR0Z5Lz9vB3x");

    [Test]
    public void A_refused_recipient_is_the_guess_of_the_one_who_made_it() =>
        Gen.Select(Hostile, Hostile, Hostile, Client, Id).Sample((recipient, sender, helo, client, id) =>
            Read($"{id}: reject: RCPT from {client}: 550 5.1.1 {Rest(recipient, "User unknown in local recipient table", sender, helo)}")
                .Should().StartWith("unknown 203.0.113.66 "));

    [Test]
    public void A_temporary_refusal_is_no_guess_whatever_is_in_it() =>
        Gen.Select(Hostile, Hostile, Hostile, Client).Sample((recipient, sender, helo, client) =>
            Read($"NOQUEUE: reject: RCPT from {client}: 450 4.7.1 {Rest(recipient, "Greylisted", sender, helo)}").Should().Be("none"));

    [Test]
    public void What_a_sender_writes_does_not_speak_against_who_forwards_his_mail() =>
        Gen.Select(Hostile, Client, Gen.OneOfConst(
            "550 5.7.27 <{0}@b.example>: Sender address rejected: Domain does not accept mail (nullMX)",
            "554 5.7.1 <{0}@b.example>: Sender address rejected: Access denied",
            "554 5.7.1 Service unavailable; Sender address [{0}@b.example] blocked using dbl.example",
            "550 5.7.23 <alice@example.org>: Recipient address rejected: SPF fail - not authorized",
            "554 5.7.1 Service unavailable; Client host [203.0.113.66] blocked using zen.example",
            "550 5.7.1 Command rejected"))
            .Sample((sender, client, reply) => Read(
                $"NOQUEUE: reject: RCPT from {client}: {reply.Replace("{0}", sender, StringComparison.Ordinal)}; "
                + $"from=<\"{sender}\"@b.example> to=<alice@example.org> proto=ESMTP helo=<x>").Should().Be("none"));

    [Test]
    public void No_other_line_names_a_client_by_what_somebody_wrote() =>
        Gen.Select(Hostile, Client).Sample((text, client) =>
        {
            Read($"warning: Illegal address syntax from {client} in RCPT command: <{text}>").Should().Be("none");
            Read($"5A616141: client={client}, sasl_method=PLAIN, sasl_username={text}").Should().Be("client 203.0.113.66");
            Read($"disconnect from {client} ehlo=1 mail=1 rcpt=0/5 quit=1 commands=3/8").Should().Be("end 203.0.113.66 0 - of 1");
        });

    [Test]
    public void Different_recipients_are_read_as_different_ones() =>
        Gen.Select(Hostile, Hostile, Hostile).Where(text => text.Item1 != text.Item2).Sample((one, other, sender) =>
            Refused(one, sender).Should().NotBe(Refused(other, sender)));

    [Test]
    public void A_bounce_is_nobodys_mail_whatever_its_recipient_holds() =>
        Gen.Select(Hostile, Quoting, Gen.OneOfConst(
            "<{0}@example.org>: Recipient address rejected: User unknown in virtual alias table", "User unknown"))
            .Sample((one, other, reply) =>
        {
            var recipient = one + other + one;
            var text = reply.Replace("{0}", recipient, StringComparison.Ordinal);
            foreach (var named in new[] { Quoted(recipient), recipient })
                Read($"NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 550 5.1.1 {text}; from=<> to=<{named}@example.org> proto=SMTP")
                    .Should().StartWith("unknown 203.0.113.66 null ");
        });

    [Test]
    public void A_name_asked_for_as_a_sender_counts_whatever_stands_beside_it() =>
        Gen.Select(Quoting, Hostile, Gen.Bool).Sample((extension, recipient, isCut) =>
        {
            var sender = "n5+" + extension;
            var padding = isCut ? new string('x', 2000) : "";
            var text = $"NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 550 5.1.0 <{sender}@example.org>: Sender address rejected: User "
                + $"unknown in t; from=<{Quoted(sender)}@example.org> to=<\"{recipient}{padding}\"@example.org> proto=ESMTP helo=<x>";
            Read(text[..Math.Min(text.Length, 2000)]).Should().StartWith("sender 203.0.113.66 null ");
        });

    [Test]
    public void A_sender_without_quotes_does_not_speak_against_who_forwards_his_mail() =>
        Gen.Select(Quoting, Gen.OneOfConst("550 5.1.8", "554 5.7.1", "550 5.1.0")).Sample((sender, code) => Read(
            $"NOQUEUE: reject: RCPT from unknown[203.0.113.66]: {code} <{sender}@b.example>: Sender address rejected: Access denied; "
            + $"from=<{sender}@b.example> to=<alice@example.org> proto=ESMTP helo=<x>").Should().Be("none"));

    // A source route has no quotes at the end of the line, and a question mark for each control character.
    [Test]
    public void A_name_behind_a_source_route_counts() =>
        Gen.Select(Hostile, Gen.OneOfConst("a@b.example", "", "user"), Gen.Bool).Sample((route, sender, hasControl) =>
        {
            var head = route.Replace(':', '.');
            var (said, logged) = hasControl ? (head + " ", head + "?") : (head, head);
            Read($"NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 554 5.7.1 <@{said}:n5@example.org>: Recipient address rejected: "
                + $"No such user here; from=<{sender}> to=<@{logged}:n5@example.org> proto=ESMTP helo=<x>")
                .Should().StartWith("unknown 203.0.113.66 ");
        });

    [Test]
    public void A_sender_behind_a_source_route_does_not_speak_against_who_forwards_his_mail() =>
        Gen.Select(Hostile, Gen.OneOfConst("550 5.7.1", "554 5.7.1", "550 5.1.0", "550 5.5.0")).Sample((route, code) => Read(
            $"NOQUEUE: reject: RCPT from unknown[203.0.113.66]: {code} <alice@example.org>: Recipient address rejected: Try later; "
            + $"from=<@{route.Replace(':', '.')}:q@b.example> to=<alice@example.org> proto=ESMTP helo=<x>").Should().Be("none"));

    [Test]
    public void Nor_does_one_with_a_name_in_quotes_behind_it() =>
        Gen.Select(Hostile, Quoting, Gen.OneOfConst("b.example", "[IPv6:2001:db8::9]")).Sample((route, name, domain) => Read(
            "NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 554 5.7.1 <alice@example.org>: Recipient address rejected: Access denied; "
            + $"from=<@{route.Replace(':', '.')}:{Quoted(name)}@{domain}> to=<alice@example.org> proto=ESMTP helo=<x>")
            .Should().Be("none"));

    private static string Quoted(string name) => $"\"{Regex.Replace(name, "[\"\\\\]", "\\$0")}\"";

    private static string Refused(string recipient, string sender) =>
        Read($"NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 550 5.1.1 {Rest(recipient, "User unknown", sender, "x")}");

    /// <summary>Postfix leaves the quotes out in its reply, and of HELO what has a meaning in the line (seen with 3.7).</summary>
    private static string Rest(string recipient, string words, string sender, string helo) =>
        $"<{recipient}@example.org>: Recipient address rejected: {words}; from=<\"{sender}\"@b.example> to=<\"{recipient}\"@example.org> "
        + $"proto=ESMTP helo=<{Regex.Replace(helo, "[ <>()\"]", "?")}>";

    private static string Read(string text) => ReadLine.As("Nov 23 18:03:58 mail1 postfix/smtpd[22129]: " + text);
}
