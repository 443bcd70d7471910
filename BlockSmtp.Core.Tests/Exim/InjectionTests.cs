using System.Globalization;
using BlockSmtp.Tests.Reading;
using CsCheck;

namespace BlockSmtp.Tests.Exim;

/// <summary>
/// Whatever a client writes where Exim lets it, wrapped as Exim wraps it: the address that is read is the true one, and a guess stays one.
/// </summary>
public sealed class InjectionTests
{
    private const int MostShown = 100;

    private static readonly Gen<string> ClientText = Gen.OneOf(
        Gen.OneOfConst(
            "H=(x) [198.51.100.10]", " H=(x) [198.51.100.10]:25", ") [198.51.100.10] F=<a@b>", "[198.51.100.10]", " F=<",
            " rejected RCPT <", " temporarily rejected RCPT <", ">: Unrouteable address", ">: relay not permitted", " rejected EXPN ",
            "VRFY failed for ", " <= ", "<", ">", "(", ")", " ", "@", ": ", "[1/2] ", " P=esmtp S=1"),
        Gen.Char[' ', '~'].Where(letter => letter is not ('"' or '\\')).Select(letter => letter.ToString()));

    private static readonly Gen<string> Hostile = ClientText.Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Client = Gen.OneOfConst(
        "H=[203.0.113.66]", "H=(x) [203.0.113.66]", "H=([198.51.100.10]) [203.0.113.66]:4711", "H=spam.example [203.0.113.66]",
        "H=spam.example (y) [203.0.113.66]:25 I=[192.0.2.25]:25");

    [Test]
    public void A_refused_recipient_is_the_guess_of_the_one_who_made_it() =>
        Gen.Select(Hostile, Hostile, Client).Sample((recipient, sender, client) =>
        {
            var typed = $"<\"{recipient}\"@example.org>";

            Read($"{client} F=<\"{sender}\"@b.example> rejected RCPT {Shown(typed)}: Unrouteable address")
                .Should().Be($"unknown 203.0.113.66 named {(typed.Length > MostShown ? "" : typed)}");
        });

    [Test]
    public void A_sender_that_a_forwarder_brings_is_no_refusal_of_the_forwarders_whatever_is_in_it() =>
        Gen.Select(Hostile, Client, Gen.OneOfConst(
            "sender verify defer for <{0}>: Unrouteable address",
            "rejected MAIL <{0}>: Unrouteable address", "F=<{0}> rejected after DATA: {0}: user unknown",
            "F=<{0}> rejected RCPT <anna@example.org>: not welcome: {0}",
            "F=<{0}> rejected RCPT <anna@example.org>: {0} is unknown here", "F=<{0}> rejected RCPT <anna@example.org>: bad: {0}, {0}",
            "F=<{0}> temporarily rejected RCPT <anna@example.org>: {0}: Unrouteable address", "Warning: {0}")).Sample(
                (sender, client, form) => Read($"{client} {string.Format(CultureInfo.InvariantCulture, form, $"\"{sender}\"@b.example")}")
                    .Should().Be("none"));

    [Test]
    public void A_sender_that_does_not_exist_is_told_whole_and_counts_where_its_domain_is_here() =>
        Gen.Select(Hostile, Client, Gen.OneOfConst("", "1xWnpV-0003Aw-08 ", "1qkPsV-0000000AbCd-0123 ")).Sample((sender, client, id) =>
            Read($"{id}{client} sender verify fail for <\"{sender}\"@b.example>: Unrouteable address")
                .Should().Be($"sender 203.0.113.66 null <\"{sender}\"@b.example> if b.example is here"));

    [Test]
    public void A_sender_that_was_typed_in_any_way_is_read_as_another_domains_in_none() =>
        Gen.Select(Hostile, Hostile, Client, Gen.OneOfConst(
            "<\"{0}\"@b.example>", "\"{0}\" <\"{1}\"@b.example>", "({0}) <\"{1}\"@b.example>", "<\"{0}\"@b.example> ({1})")).Sample(
                (one, other, client, form) =>
                {
                    var (phrase, inComment) = (one, one.Replace('(', '[').Replace(')', ']'));
                    var typed = string.Format(
                        CultureInfo.InvariantCulture, form, form.StartsWith('(') ? inComment : phrase, other);
                    if (typed.Length < MostShown)
                        Read($"{client} rejected MAIL {typed}: Sender verify failed").Should().EndWith("@b.example> if b.example is here");
                });

    [Test]
    public void A_refusal_of_another_kind_is_no_guess_whatever_is_in_it() =>
        Gen.Select(Hostile, Hostile, Client, Gen.OneOfConst(
            "relay not permitted", "restricted characters in address", "Sender verify failed")).Sample((recipient, sender, client, words) =>
        {
            // Whether a sender is of the recipient's domain nobody can tell of a recipient that is not shown.
            var typed = $"<\"{recipient}\"@example.org>";
            if (typed.Length <= MostShown || words != "Sender verify failed")
                Read($"{client} F=<\"{sender}\"@b.example> rejected RCPT {Shown(typed)}: {words}").Should().BeOneOf(
                    "none",
                    words == "Sender verify failed"
                        ? $"sender 203.0.113.66 null <\"{sender}\"@b.example> if b.example is here"
                        : "none");
        });

    [Test]
    public void A_temporary_refusal_is_no_guess_whatever_is_in_it() =>
        Gen.Select(Hostile, Hostile, Client).Sample((recipient, sender, client) =>
            Read($"{client} F=<\"{sender}\"@b.example> temporarily rejected RCPT <\"{recipient}\"@example.org>: Unrouteable address")
                .Should().Be("none"));

    [Test]
    public void A_probe_is_that_of_the_one_who_made_it() =>
        Gen.Select(Hostile.Where(text => text.Trim().Length > 0), Client).Sample((text, client) =>
        {
            Read($"VRFY failed for {text} {client}").Should().StartWith("probe 203.0.113.66 ");
            Read($"{client} rejected EXPN {text}").Should().StartWith("probe 203.0.113.66 ");
        });

    [Test]
    public void A_sender_cannot_name_another_host() =>
        Gen.Select(Hostile, Hostile, Client).Sample((sender, id, client) =>
            Read($"1xWnpV-0003Aw-08 <= \"{sender}\"@d.example {client} P=esmtp S=250 id={id}")
                .Should().StartWith("taken 203.0.113.66 ", "a Message-ID may look like the recipients, but not like a host")
                .And.EndWith(" named"));

    private static string Shown(string typed) => typed[..Math.Min(typed.Length, MostShown)];

    private static string Read(string text) => ReadLine.As("2026-11-27 04:45:44 " + text);
}
