using System.Text;

namespace BlockSmtp.Tests.Replay;

/// <summary>Which refusals a survey tells of that do not count, and that what it proposes then does count.</summary>
[TestFixture]
public sealed class LogSurveyTests
{
    private const string Sendmail = "Nov 25 12:00:00 mail1 sm-mta[20703]: 6ANHntrU020703: ";
    private const string Postfix = "Nov 25 12:00:00 mail1 postfix/smtpd[22129]: ";
    private const string Exim = "2026-11-27 04:45:44 H=(x) [203.0.113.9] F=<a@b.example> ";
    private const string End = "; from=<a@b.example> to=<x@example.org> proto=ESMTP helo=<x>";

    [TestCase(Sendmail + "<x@example.org>... Kein solcher Empfaenger", "Kein solcher Empfaenger")]
    [TestCase(Sendmail + "<x@example.org>... Gone fishing", "Gone fishing")]
    [TestCase(Sendmail + "ruleset=check_rcpt, arg1=<x@example.org>, relay=[203.0.113.9], reject=550 5.2.1 <x@example.org>... "
        + "Nobody here", "Nobody here")]
    [TestCase(Sendmail + "ruleset=check_rcpt, arg1=<x@example.org>, relay=[203.0.113.9], reject=550 <x@example.org>... "
        + "Nobody here", "Nobody here")]
    [TestCase(Sendmail + "Milter: to=<x@example.org>, reject=550 5.7.1 Pas de boite", "Pas de boite")]
    [TestCase(Postfix + "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x@example.org>: Recipient address "
        + "rejected: Nobody here" + End, "Nobody here")]
    [TestCase(Postfix + "NOQUEUE: milter-reject: RCPT from unknown[203.0.113.9]: 550 5.7.1 Pas de boîte" + End, "Pas de boîte")]
    [TestCase(Exim + "rejected RCPT <x@example.org>: Nobody here", "Nobody here")]
    [TestCase(Exim + "rejected RCPT <x@example.org>: response to \"RCPT TO:<x@example.org>\" was: Nobody here", "Nobody here")]
    [TestCase(Exim + "rejected RCPT <x@example.org>: <x@example.org> gibt es nicht", "gibt es nicht")]
    public void Words_that_may_say_it_are_told_and_count_once_they_are_an_option(string line, string words)
    {
        var found = Survey(line);

        found.UncountedRefusals.Should().Equal(new UncountedRefusal(words, 1));
        found.Offenses.Should().Be(0);
        var then = Survey(line, words);
        then.Offenses.Should().Be(1, "it is what was proposed");
        then.UncountedRefusals.Should().BeEmpty();
    }

    [TestCase(Sendmail + "<x@example.org>... User unknown")]
    [TestCase(Sendmail + "<x@example.org>... Relaying denied. Proper authentication required.")]
    [TestCase(Sendmail + "<a@b.example>... Domain of sender address a@b.example does not exist")]
    [TestCase(Sendmail + "<x@example.org>... Mailbox full")]
    [TestCase(Sendmail + "<x@example.org>... Temporary lookup failure")]
    [TestCase(Sendmail + "<x@example.org>... Unbalanced '<'")]
    [TestCase(Sendmail + "ruleset=check_rcpt, arg1=<x@example.org>, relay=[203.0.113.9], reject=450 4.7.1 <x@example.org>... Come again")]
    [TestCase(Sendmail + "ruleset=check_rcpt, arg1=<x@example.org>, relay=[203.0.113.9], reject=550 5.2.2 <x@example.org>... "
        + "Rien ne va plus")]
    [TestCase(Sendmail + "ruleset=check_mail, arg1=<x@example.org>, relay=[203.0.113.9], reject=553 5.1.8 <x@example.org>... Nobody here")]
    [TestCase(Sendmail + "Milter: to=<x@example.org>, reject=451 4.7.1 Come again")]
    [TestCase(Sendmail + "Milter: to=<x@example.org>, reject=550 5.7.1 Command rejected")]
    [TestCase(Sendmail + "<-- RCPT TO:<x>... Nobody here")]
    [TestCase(Sendmail + "to=<x@example.org>, delay=00:00:01, xdelay=00:00:01, mailer=local, stat=x... Nobody here")]
    [TestCase(Postfix + "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 4.7.1 <x@example.org>: Recipient address "
        + "rejected: Nobody here" + End)]
    [TestCase(Postfix + "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x@example.org>: Relay access denied" + End)]
    [TestCase(Postfix + "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x>: Helo command rejected: Nobody here" + End)]
    [TestCase(Postfix + "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <a@b.example>: Sender address rejected: "
        + "Nobody here" + End)]
    [TestCase(Postfix + "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 Service unavailable; Client host "
        + "[203.0.113.9] blocked using x" + End)]
    [TestCase(Postfix + "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x>: Recipient address rejected: Nobody "
        + "here@example.org>: Recipient "
        + "address rejected: Access denied; from=<a@b.example> to=<\"x>: Recipient address rejected: "
        + "Nobody here\"@example.org> proto=ESMTP helo=<x>")]
    [TestCase(Postfix + "NOQUEUE: reject: VRFY from unknown[203.0.113.9]: 554 5.7.1 <x>: Recipient address rejected: Nobody "
        + "here; to=<x> proto=ESMTP")]
    [TestCase(Exim + "rejected RCPT <x@elsewhere.example>: relay not permitted")]
    [TestCase(Exim + "temporarily rejected RCPT <x@example.org>: Nobody here")]
    [TestCase(Exim + "rejected RCPT <x@example.org>: Sender verify failed")]
    [TestCase(Exim + "rejected RCPT <x@example.org>: restricted characters in address")]
    [TestCase(Exim + "rejected RCPT <\"x: Nobody here\"@example.org>")]
    [TestCase(Exim + "rejected RCPT <x@example.org>: see https://example.org/?<x@example.org>")]
    public void What_counts_anyway_or_speaks_of_something_else_is_not(string line) => Survey(line).UncountedRefusals.Should().BeEmpty();

    [Test]
    public void The_most_frequent_come_first_whatever_the_recipients_are()
    {
        var lines = Enumerable.Range(0, 5).Select(i => $"{Sendmail}<x{i}@example.org>... {(i == 0 ? "Gone fishing" : "Nobody here")}");

        Survey(string.Join('\n', lines)).UncountedRefusals.Should().Equal(
            new UncountedRefusal("Nobody here", 4), new UncountedRefusal("Gone fishing", 1));
    }

    private static LogSurvey Survey(string lines, params string[] own) =>
        LogSurvey.Of(Encoding.UTF8.GetBytes(lines + "\n"), new DetectionOptions { UnknownUserTexts = own });
}
