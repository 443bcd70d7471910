using System.Text;
using BlockSmtp.Exim;
using BlockSmtp.Grammars;
using BlockSmtp.Syslog;
using CsCheck;

namespace BlockSmtp.Tests.Exim;

/// <summary>What a quick look at a line of the main log passes over tells nothing that anybody wants when it is read in full.</summary>
public sealed class QuickLookTests
{
    private static readonly Gen<string> Stamps = Gen.OneOfConst(
        "2026-11-27 04:45:44 ", "2026-11-27 04:45:44.123 ", "2026-11-27 04:45:44 +0100 ", "2026-11-27 04:45:44 [14758] ",
        "2026-11-27 04:45 ");

    private static readonly Gen<string> Ids = Gen.OneOfConst("1qkPsV-0000Ab-Cd ", "1qkPsV-0000000AbCd-0123 ", "1qkPsV-0000Ab-C ", "");

    private static readonly Gen<string> Texts = Gen.OneOfConst(
        "Completed", "=> alice <alice@example.org> R=local T=spool", "<= a@example.net H=h [192.0.2.1] P=esmtp S=1",
        "** bob@example.org: x",
        "H=(x) [192.0.2.1] F=<> rejected RCPT <joe@example.org>: Unrouteable address", "== bob@example.org R=x T=y defer (0): Completed",
        "no host name found for IP address 192.0.2.1", "unexpected disconnection while reading SMTP command from (x) [192.0.2.1] D=1s",
        "VRFY failed for joe H=(x) [192.0.2.1]", "SMTP protocol synchronization error H=(x) [192.0.2.1] Completed",
        "H=(x) [192.0.2.1] sender verify fail for <joe@example.org>: Unrouteable address",
        "H=(x) [192.0.2.1] F=<joe@example.org> rejected after DATA: Sender verify failed",
        "no host name found for H=(x) [192.0.2.1] F=<> rejected RCPT <joe@example.org>: Unrouteable address", "<=> ", "");

    private static readonly Gen<byte[]> Lines =
        Gen.Select(Stamps, Ids, Texts, (stamp, id, text) => Encoding.ASCII.GetBytes(stamp + id + text));

    private static readonly Gen<byte[]> Damaged =
        Gen.Select(
            Lines,
            Gen.Int[0, 60],
            Gen.OneOf(Gen.OneOfConst((byte)' ', (byte)'-', (byte)'=', (byte)'>', (byte)'*', (byte)'H', (byte)'9'), Gen.Byte),
            (line, at, value) => (byte[])[.. line[..(at % line.Length)], value, .. line[((at % line.Length) + 1)..]]);

    [Test]
    public void What_is_passed_over_tells_nothing() => Gen.Select(Gen.OneOf(Lines, Damaged), Gen.Bool).Sample((line, wantsDeliveries) =>
    {
        if (!MainlogLine.TellsNoRefusal(line, wantsDeliveries)
            || !new SyslogLineParser(null, ["exim"], MailPrograms.Exim).TryParse(line, out var parts))
            return;
        var wants = wantsDeliveries ? MailEventsWanted.Acceptances : MailEventsWanted.None;

        EximGrammar.Read(parts, wants, new RefusalTexts([]), out var read);

        read.Kind.Should().Be(MailEventKind.None, Encoding.Latin1.GetString(line));
    });

    [TestCase("1qkPsV-0000Ab-Cd Completed", true)]
    [TestCase("1qkPsV-0000000AbCd-0123 Completed", true)]
    [TestCase("no host name found for IP address 192.0.2.1", true)]
    [TestCase("unexpected disconnection while reading SMTP command from (x) [192.0.2.1] D=1s", true)]
    [TestCase("1qkPsV-0000Ab-Cd => alice <alice@example.org> R=local T=spool", false)]
    [TestCase("1qkPsV-0000000AbCd-0123 <= a@example.net H=h [192.0.2.1] P=esmtp S=1", false)]
    public void A_usual_line_is_passed_over_at_once(string text, bool whoeverWantsDeliveries)
    {
        var line = Encoding.ASCII.GetBytes($"2026-11-27 04:45:44 {text}");

        MainlogLine.TellsNoRefusal(line, wantsDeliveries: false).Should().BeTrue();
        MainlogLine.TellsNoRefusal(line, wantsDeliveries: true).Should().Be(whoeverWantsDeliveries);
    }
}
