using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using BlockSmtp.Grammars;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;
using CsCheck;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>
/// Whatever a client writes where sendmail lets it, wrapped as sendmail wraps it: the address that is read is the true one,
/// or none.
/// </summary>
public sealed class InjectionTests
{
    private static readonly IPAddress True = IPAddress.Parse("203.0.113.66");

    // Pieces that a forger would use, and noise.
    private static readonly Gen<string> ClientText = Gen.OneOf(
        Gen.OneOfConst(
            ", relay=", "relay=", "[198.51.100.10]", "mx.friendly.example [198.51.100.10]", "... User unknown", "User unknown", ": VRFY ",
            ": EXPN ", ": Possible SMTP RCPT flood, throttling.", " did not issue ", "from=<a@b>", "to=<x>, delay=", "6ANAAAAA000001: ",
            "NOQUEUE: connect from ", " (may be forged)", "lost input channel from ", " to MTA", "<", ">", "\"", "(", ")", " ", "@", "[",
            "]", "IPv6:", "::1", "\\", "ruleset=check_rcpt, arg1=", "reject=550"),
        Gen.Char[' ', '~'].Select(letter => letter.ToString()));

    private static readonly Gen<string> Hostile = ClientText.Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Relay = Gen.OneOfConst(
        "[203.0.113.66]", "spam.example [203.0.113.66]", "192.0.2.1.static.example [203.0.113.66]",
        "under_score.example [203.0.113.66] (may be forged)", "@[203.0.113.66]", "IDENT:joe@spam.example [203.0.113.66]",
        "x198.51.100.10VRFYarelay!#$%&'*+-./^_`{|}~@[203.0.113.66]");

    [Test]
    public void A_recipient_in_brackets_is_an_offense_and_names_nobody() =>
        Hostile.Sample(text => Read($"<{text}>... User unknown", out _).Should().Be(MailEventKind.UnknownRecipient));

    [Test]
    public void A_bare_recipient_without_a_space_is_an_offense_and_names_nobody() =>
        Hostile.Select(text => text.Replace(" ", "", StringComparison.Ordinal)).Where(text => text.Length > 0)
            .Sample(text => Read($"{text}... User unknown", out _).Should().Be(MailEventKind.UnknownRecipient));

    [Test]
    public void A_bare_recipient_that_begins_like_a_client_names_nobody() =>
        Gen.Select(Gen.OneOfConst("joe@", "@", "IDENT:joe@"), Hostile)
            .Select((ident, text) => ident + "[198.51.100.10]" + text.Replace(" ", "", StringComparison.Ordinal))
            .Sample(text =>
            {
                Read($"{text}... User unknown", out var address).Should().Be(MailEventKind.UnknownRecipient);
                address.Should().BeNull();
            });

    [Test]
    public void A_sender_cannot_name_another_relay() =>
        Gen.Select(Hostile, Hostile, Relay).Sample((sender, id, relay) =>
        {
            Read($"from=<{sender}>, size=0, class=0, nrcpts=0, msgid={id}, proto=ESMTP, daemon=MTA-v4, relay={relay}", out var address)
                .Should().Be(MailEventKind.TransactionEnd);
            address.Should().Be(True);
        });

    [Test]
    public void A_probe_cannot_name_another_client() =>
        // sendmail writes blanks as \t, \r, \013 and the like, which are no name either.
        Gen.Select(Hostile.Where(text => !Regex.IsMatch(text, @"^([ ]|\\[trn]|\\01[34])*$")), Relay)
            .Sample((text, relay) =>
            {
                Read($"{relay}: VRFY {text}", out var address).Should().Be(MailEventKind.Probe);
                // What may be a refused recipient names nobody.
                address.Should().Be(text.Contains("... ", StringComparison.Ordinal) ? null : True);
            });

    [Test]
    public void A_recipient_refused_by_a_ruleset_names_nobody() =>
        Gen.Select(Hostile, Relay, Gen.OneOfConst("... User unknown", "... Relaying denied")).Sample((text, relay, end) =>
        {
            var kind = Read($"ruleset=check_rcpt, arg1=<{text}>, relay={relay}, reject=550 5.1.1 <{text}>{end}", out var address);
            kind.Should().BeOneOf(MailEventKind.UnknownRecipient, MailEventKind.Doubtful, MailEventKind.None);
            address.Should().BeNull();
        });

    [Test]
    public void Client_text_at_the_start_of_a_line_names_nobody_but_the_relay_it_may_stand_for() =>
        Hostile.Sample(text =>
        {
            // What sendmail puts behind the text of a client when it refuses it for other reasons.
            var kind = Read($"<{text}... Unbalanced '<'", out var address);
            kind.Should().Be(MailEventKind.None);
            address.Should().BeNull();
        });

    private static MailEventKind Read(string text, out IPAddress? address)
    {
        var line = new SyslogLine { Message = Encoding.ASCII.GetBytes("6ANHntrU020703: " + text), ProcessId = 20703 };
        SendmailParser.Read(line, MailEventsWanted.Ends, new RefusalTexts([]), out var read);
        address = read.Kind switch
        {
            MailEventKind.TransactionEnd =>
                RelayText.TryReadLast(read.Text, out var last) && RelayText.TryParse(last, out var peer) ? peer : null,
            MailEventKind.Probe or MailEventKind.Relay => RelayText.TryParse(read.Text, out var peer) ? peer : null,
            _ => null,
        };
        return read.Kind;
    }
}
